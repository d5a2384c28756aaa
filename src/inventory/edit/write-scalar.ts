import { LabError } from '../../model/lab-error.ts';
import { typePlain } from '../../model/yaml-value.ts';
import { readPythonLiteral } from '../python-literal.ts';
import type { Wanted } from './change.ts';

/** How a value stands in a file: as YAML, as JSON, or behind `=` in an INI line. */
export type Notation = 'yaml' | 'json' | 'ini';

/** Writes a value so that every reader of that notation gets exactly this text (or number, or truth) back. `quote` is the kind of quote to keep or ask for. */
export function writeScalar(wanted: Wanted, notation: Notation, quote: '"' | "'" | ''): string {
  if (wanted.list !== undefined) return writeList(wanted.list, notation);
  if (notation === 'ini') return writeIni(wanted);
  if (wanted.isTyped) return wanted.text;
  if (notation === 'json') return escaped(wanted.text);
  if (quote === '' && isSafePlain(wanted.text)) return wanted.text;
  const isOneLine = !/[\n\r\t\u0085\u2028\u2029\ufeff]/.test(wanted.text);
  if (quote === "'" && isOneLine) return `'${wanted.text.replaceAll("'", "''")}'`;
  return escaped(wanted.text);
}

/** A list of mappings in one line, as YAML and JSON have it. */
function writeList(list: NonNullable<Wanted['list']>, notation: Notation): string {
  if (notation === 'ini')
    throw new LabError(
      'refused',
      'an INI inventory has no good way to write a list',
      'put it into host_vars, or turn the inventory into YAML',
    );
  const items = list.map((fields) => {
    const written = [...fields].map(
      ([key, value]) =>
        `${writeKey(key, notation)}: ${writeScalar(value, notation, value.isName ? '"' : '')}`,
    );
    return `{${written.join(', ')}}`;
  });
  return `[${items.join(', ')}]`;
}

/** Writes a key so that every reader takes it for the same text. */
export function writeKey(key: string, notation: Notation): string {
  return writeScalar({ text: key, isTyped: false, isName: false }, notation, '');
}

/** Plain texts that YAML 1.1 and 1.2 and their many readers agree on; in doubt quotes are better. */
function isSafePlain(text: string): boolean {
  if (/^(?:y|n|yes|no|on|off|true|false|null|none|nan|inf)$/i.test(text)) return false;
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) return true;
  return (
    /^[\p{L}_](?:[\p{L}\p{N}_./@+()-]| (?=[\p{L}\p{N}(]))*$/u.test(text) &&
    typeof typePlain(text) === 'string'
  );
}

/** A JSON text is a double-quoted YAML text (YAML 1.2, 7.3.1) once what only YAML takes for a line break is escaped, too. */
function escaped(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u0085\u2028\u2029\ufeff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Ansible takes one layer of shell quotes off, then reads a Python literal where it finds one. */
function writeIni({ text, isTyped }: Wanted): string {
  if (isTyped) return text === 'true' ? 'True' : text === 'false' ? 'False' : text;
  const literal = readPythonLiteral(text) === text && text.trim() === text ? text : escaped(text);
  if (literal !== '' && /^[\p{L}\p{N}_.,:/@+%=-]+$/u.test(literal)) return literal;
  return `'${literal.replaceAll("'", `'"'"'`)}'`;
}
