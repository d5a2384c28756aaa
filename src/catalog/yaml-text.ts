import { isMapping, type Value, type Vars } from '../model/value.ts';
import { typePlain } from '../model/yaml-value.ts';

/** Writes a mapping as YAML that 1.1 and 1.2 readers take alike: block style, quotes around every text that has a digit or is not plainly a word. Each line begins with `indent`. */
export function renderYaml(vars: Vars, indent: string): string[] {
  return Object.entries(vars).flatMap(([key, value]) => {
    const head = `${indent}${renderYamlKey(key)}:`;
    const nested = renderNested(value, indent);
    return typeof nested === 'string' ? [`${head} ${nested}`] : [head, ...nested];
  });
}

/** A key or the name of a host or group; digits in it need no quotes when a letter comes first. */
export function renderYamlKey(text: string): string {
  return isWord(text) ? text : quote(text);
}

function isWord(text: string): boolean {
  return (
    /^[A-Za-z_][A-Za-z0-9_./-]*$/.test(text) &&
    typePlain(text) === text &&
    !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text)
  );
}

function renderText(text: string): string {
  return isWord(text) && !/\d/.test(text) ? text : quote(text);
}

function quote(text: string): string {
  return `"${text.replace(escaped, escapeOf)}"`;
}

/** What YAML 1.1 (5.1) does not take as it is, and what ends a line there. */
const escaped = /["\\\p{Cc}\p{Cs}\u2028\u2029\ufeff\ufffe\uffff]/gu;

function escapeOf(sign: string): string {
  if (sign === '"' || sign === '\\') return `\\${sign}`;
  if (sign === '\n') return '\\n';
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** What stands behind a colon or dash: text for the same line, or the lines below. */
function renderNested(value: Value, indent: string): string | string[] {
  const tagged = isMapping(value) ? renderTagged(value, indent) : undefined;
  if (tagged !== undefined) return tagged;
  if (Array.isArray(value))
    return value.length === 0 ? '[]' : value.flatMap((item) => renderItem(item, `${indent}  `));
  if (isMapping(value))
    return Object.keys(value).length === 0 ? '{}' : renderYaml(value, `${indent}  `);
  return renderScalar(value as null | boolean | number | string);
}

function renderItem(item: Value, indent: string): string[] {
  const nested = renderNested(item, indent);
  if (typeof nested === 'string') return [`${indent}- ${nested}`];
  const [first = '', ...rest] = nested;
  return Array.isArray(item) || !first.startsWith(`${indent}  `)
    ? [`${indent}-`, ...nested]
    : [`${indent}- ${first.trimStart()}`, ...rest];
}

function renderScalar(value: null | boolean | number | string): string {
  if (typeof value === 'string') return renderText(value);
  if (typeof value !== 'number') return String(value);
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  // YAML 1.1 wants a point before an exponent and a sign behind it
  return String(value)
    .replace(/^(-?\d+)e/, '$1.0e')
    .replace(/e(?=\d)/, 'e+');
}

/** What `!vault` and `!unsafe` were read as, written as that again. */
function renderTagged(value: Vars, indent: string): string | string[] | undefined {
  const names = Object.keys(value);
  const [name = ''] = names;
  const inner = value[name];
  if (names.length !== 1 || typeof inner !== 'string') return undefined;
  if (name === '__ansible_unsafe') return `!unsafe ${renderText(inner)}`;
  if (name !== '__ansible_vault') return undefined;
  const lines = inner.replace(/\n$/, '').split('\n');
  const isBlock = lines.every((line) => /^[!-~][ -~]*$/.test(line));
  return isBlock
    ? [
        inner.endsWith('\n') ? '!vault |' : '!vault |-',
        ...lines.map((line) => `${indent}  ${line}`),
      ].join('\n')
    : `!vault ${renderText(inner)}`;
}
