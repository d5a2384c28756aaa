/** Python's `shlex.quote`: the filter `quote`. */
export function quoteWord(text: string): string {
  if (text === '') return "''";
  return /[^\w@%+=:,./-]/.test(text) ? `'${text.replaceAll("'", `'"'"'`)}'` : text;
}
