/** Splits a command line into words as Python's `shlex.split` does: quotes and backslashes as a shell reads them, nothing is expanded. */
export function splitWords(line: string): readonly string[] | { readonly problem: string } {
  const words: string[] = [];
  const token = /\s+|\\([\s\S])|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|([^\s\\'"]+)|([\s\S])/g;
  let word: string | undefined;
  for (const [whole, escaped, single, double, plain, odd] of line.matchAll(token)) {
    if (odd !== undefined)
      return { problem: odd === '\\' ? 'No escaped character' : 'No closing quotation' };
    const part = escaped ?? single ?? double?.replace(/\\(["\\])/g, '$1') ?? plain;
    if (part !== undefined) word = (word ?? '') + part;
    else if (/^\s/.test(whole) && word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}
