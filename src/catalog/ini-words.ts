/** Splits a line of an INI inventory into words as a shell does: quotes are taken off, a `#` outside of them begins a comment; undefined when a quote is not closed. */
export function splitIniWords(line: string): string[] | undefined {
  const words: string[] = [];
  const piece = /([^\s"'#\\]+)|"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)|(\s+)|(#.*)/y;
  let word: string | undefined;
  while (piece.lastIndex < line.length) {
    const found = piece.exec(line);
    if (!found) return undefined;
    const [, plain, double, single, escaped, gap, comment] = found;
    if (comment !== undefined) break;
    if (gap === undefined)
      word =
        (word ?? '') + (plain ?? double?.replaceAll(/\\(["\\])/g, '$1') ?? single ?? escaped ?? '');
    else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}

/** The hosts that a name stands for: itself, or the members of one range such as `pc[01:24]`, with its zeros; undefined for what is no name. A port behind it is left out. */
export function expandIniHosts(pattern: string): string[] | undefined {
  if (pattern.length > 300) return undefined;
  const [, head = '', begin, end = '', tail = ''] =
    /^([\w.-]*)(?:\[(\d{1,6}):(\d{1,6})\])?([\w.-]*)(?::\d{1,5})?$/.exec(pattern) ?? [];
  if (begin === undefined) return head === '' ? undefined : [head];
  const count = Number(end) - Number(begin) + 1;
  if (count < 1 || count > 10_000) return undefined;
  const width = begin.startsWith('0') ? begin.length : 0;
  return Array.from(
    { length: count },
    (_, index) => `${head}${String(Number(begin) + index).padStart(width, '0')}${tail}`,
  );
}
