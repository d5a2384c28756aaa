import { isMapping, type Value } from '../model/value.ts';

/** Whether a value can be written as a Python literal: tagged values of Ansible's YAML and NaN cannot. */
export function isPythonValue(value: Value): boolean {
  if (Array.isArray(value)) return value.every(isPythonValue);
  if (!isMapping(value)) return !Number.isNaN(value);
  return Object.entries(value).every(
    ([key, item]) => !/^__ansible_(?:vault|unsafe)$/.test(key) && isPythonValue(item),
  );
}

/** Writes a value so that Python's `ast.literal_eval` gives it back, as Ansible reads INI inventories; a top-level text that is none of Python's literals stands bare. One line, without single quotes. */
export function renderPython(value: Value): string {
  return typeof value === 'string' && isBare(value) ? value : renderLiteral(value);
}

/** Words, IPv4 addresses and MAC addresses: nothing that Python reads as a value. */
function isBare(text: string): boolean {
  return (
    (/^[A-Za-z][\w./-]*$/.test(text) && !/^(?:None|True|False)$/.test(text)) ||
    /^\d+\.\d+\.\d+\.\d+$/.test(text) ||
    /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(text)
  );
}

function renderLiteral(value: Value): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return renderNumber(value);
  if (typeof value === 'string') return renderText(value);
  if (Array.isArray(value)) return `[${value.map(renderLiteral).join(', ')}]`;
  const entries = Object.entries(value).map(
    ([key, item]) => `${renderText(key)}: ${renderLiteral(item)}`,
  );
  return `{${entries.join(', ')}}`;
}

function renderNumber(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '1e999' : '-1e999';
}

function renderText(text: string): string {
  return `"${text.replaceAll(/["'\\]|[^\P{C}]|[\u2028\u2029]/gu, escapeOf)}"`;
}

/** Python's string escapes; code points above U+FFFF take eight digits. */
function escapeOf(sign: string): string {
  if (sign === '"' || sign === '\\') return `\\${sign}`;
  const code = sign.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
