/** Reads `name=value` lines, as our probe scripts print them; the first of a name counts and other lines are passed over. */
export function readAnswers(text: string): ReadonlyMap<string, string> {
  const answers = new Map<string, string>();
  for (const line of text.split('\n')) {
    const at = line.indexOf('=');
    if (at < 1) continue;
    const name = line.slice(0, at);
    if (!answers.has(name)) answers.set(name, line.slice(at + 1));
  }
  return answers;
}
