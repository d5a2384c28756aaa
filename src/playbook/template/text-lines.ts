const lineEnd = '\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029';
const line = new RegExp(`[^${lineEnd}]*(?:\\r\\n|[${lineEnd}]|$)`, 'g');
const end = new RegExp(`(?:\\r\\n|[${lineEnd}])$`);

/** Python's `splitlines`, which knows more line ends than the newline. */
export function splitLines(text: string, keepsEnds: boolean): string[] {
  const lines = [...(text.match(line) ?? [])];
  if (lines.at(-1) === '') lines.pop();
  return keepsEnds ? lines : lines.map((one) => one.replace(end, ''));
}
