/** A shell pattern as Python's `fnmatch` reads it: `*` and `?` match anything, also `/` and a leading dot; `[...]` and `[!...]` are sets. */
export function compileGlob(pattern: string): RegExp {
  let source = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const letter = pattern.charAt(at);
    const set = letter === '[' ? /^\[(!?)(\]?[^\]]*)\]/.exec(pattern.slice(at)) : null;
    if (letter === '*') source += '.*';
    else if (letter === '?') source += '.';
    else if (set) {
      const [whole, not = '', members = ''] = set;
      source += `[${not ? '^' : ''}${members.replace(/[\\\]^[&|~]/g, '\\$&')}]`;
      at += whole.length - 1;
    } else source += letter.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  }
  return new RegExp(`^(?:${source})$`, 's');
}
