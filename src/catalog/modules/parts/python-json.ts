import { isMapping, type Value } from '../../../model/value.ts';

/** Renders a value as Python's `json.dumps` does: `, ` and `: ` between, everything but ASCII escaped. */
export function pythonJson(value: Value): string {
  if (Array.isArray(value)) return `[${value.map((item: Value) => pythonJson(item)).join(', ')}]`;
  if (!isMapping(value)) return escapeWide(JSON.stringify(value));
  const entries = Object.entries(value);
  return `{${entries.map(([key, item]) => `${escapeWide(JSON.stringify(key))}: ${pythonJson(item)}`).join(', ')}}`;
}

function escapeWide(text: string): string {
  return text.replace(
    /[\u007f-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
