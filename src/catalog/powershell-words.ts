/** Quotes one value for PowerShell so that nothing in it is expanded (about_Quoting_Rules); typographic quotes end a text there, too. */
export function quotePowershell(value: string): string {
  return `'${value.replaceAll(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;
}

const word = /\s*(?:'((?:[^']|'')*)'|"((?:[^"`$]|`.|"")*)"|([^\s'"`$;|&(){}#]+))(?=\s|$)/y;

/** Splits a command line with fixed words into those words; undefined when something in it would be expanded, piped or run. */
export function splitPowershell(line: string): string[] | undefined {
  const words: string[] = [];
  const text = line.trimEnd();
  for (word.lastIndex = 0; word.lastIndex < text.length; ) {
    const found = word.exec(text);
    if (!found) return undefined;
    const [, single, double, bare = ''] = found;
    const unescaped = double?.replaceAll(/`(.)|""/g, (_, sign?: string) => sign ?? '"');
    words.push(single?.replaceAll("''", "'") ?? unescaped ?? bare);
  }
  return words;
}
