/** True for a name that stands for several, as in Python's fnmatch and dpkg-query(1): it holds `*`, `?` or `[`. */
export function isNamePattern(name: string): boolean {
  return /[*?[]/.test(name);
}

/** A shell pattern as the text of a regular expression that JavaScript, `grep -E` and awk read alike, for the whole of a text. */
export function patternToRegex(pattern: string): string {
  let regex = '^';
  for (let at = 0; at < pattern.length; at++) {
    const sign = pattern[at] ?? '';
    const end = sign === '[' ? pattern.indexOf(']', at + 2) : -1;
    if (end === -1) {
      regex += ofSign(sign);
      continue;
    }
    const inside = pattern.slice(at + 1, end);
    const isNot = inside.startsWith('!');
    regex += `[${isNot ? '^' : ''}${inside.slice(isNot ? 1 : 0).replaceAll('\\', '')}]`;
    at = end;
  }
  return `${regex}$`;
}

function ofSign(sign: string): string {
  if (sign === '*') return '.*';
  if (sign === '?') return '.';
  return /[a-zA-Z0-9_-]/.test(sign) ? sign : `[${sign === '^' ? '\\^' : sign}]`;
}

/** Whether a text is what a shell pattern stands for; a pattern that is none matches itself alone. */
export function matchesPattern(text: string, pattern: string): boolean {
  return text === pattern || (isNamePattern(pattern) && makeRegex(pattern).test(text));
}

function makeRegex(pattern: string): RegExp {
  try {
    return new RegExp(patternToRegex(pattern), 's');
  } catch {
    return /(?!)/;
  }
}
