/** Parses `systemctl show`: `Key=value` lines; only values of `Exec...` keys in braces may run over several lines. Our own `lab.` lines are left out. */
export function parseUnitStatus(text: string): ReadonlyMap<string, string> {
  const status = new Map<string, string>();
  let open: { key: string; lines: string[] } | undefined;
  for (const line of text.split('\n')) {
    if (open !== undefined) {
      open.lines.push(line);
      if (!line.trimEnd().endsWith('}')) continue;
      status.set(open.key, open.lines.join('\n').trim());
      open = undefined;
      continue;
    }
    const at = line.indexOf('=');
    if (at < 0 || line.startsWith('lab.')) continue;
    const key = line.slice(0, at);
    const value = line.slice(at + 1);
    const runsOn =
      key.startsWith('Exec') && value.trimStart().startsWith('{') && !value.trimEnd().endsWith('}');
    if (runsOn) open = { key, lines: [value] };
    else status.set(key, value.trim());
  }
  return status;
}
