/** The value a sysctl file gives a name: the last one counts; undefined when it gives none. */
export function valueIn(text: string, name: string): string | undefined {
  let value: string | undefined;
  for (const line of linesOf(text)) {
    const pair = readPair(line);
    if (pair?.name === name) value = pair.value;
  }
  return value;
}

/** The file with a name set, or without it where `value` is undefined; doubles go, comments stay (sysctl.conf(5)). */
export function editSysctl(text: string, name: string, value: string | undefined): string {
  const seen = new Set<string>();
  const lines: string[] = [];
  for (const line of linesOf(text)) {
    const pair = readPair(line);
    if (pair === undefined) lines.push(line);
    if (pair === undefined || seen.has(pair.name)) continue;
    seen.add(pair.name);
    if (pair.name !== name) lines.push(`${pair.name}=${pair.value}`);
    else if (value !== undefined) lines.push(`${name}=${value}`);
  }
  if (!seen.has(name) && value !== undefined) lines.push(`${name}=${value}`);
  return lines.map((line) => `${line}\n`).join('');
}

/** Yes and no become 1 and 0, as the kernel writes them. */
export function sysctlValue(text: string): string {
  const word = text.toLowerCase();
  if (['y', 'yes', 'on', '1', 'true', 't'].includes(word)) return '1';
  if (['n', 'no', 'off', '0', 'false', 'f'].includes(word)) return '0';
  return text.trim();
}

/** Whether two values have the same words, however spaced. */
export function isSameValue(one: string, other: string): boolean {
  const words = (text: string) => text.trim().split(/\s+/).join(' ');
  return words(one) === words(other);
}

function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim());
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function readPair(line: string): { readonly name: string; readonly value: string } | undefined {
  const at = line.indexOf('=');
  if (line === '' || /^[#;]/.test(line) || at < 0) return undefined;
  return { name: line.slice(0, at).trim(), value: line.slice(at + 1).trim() };
}
