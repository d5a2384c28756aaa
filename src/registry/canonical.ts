/** Writes a value as the one JSON text it has: keys sorted by code unit, no blanks, undefined fields left out (in the manner of RFC 8785). */
export function renderCanonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(renderCanonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${renderCanonical(field)}`);
  return `{${fields.join(',')}}`;
}
