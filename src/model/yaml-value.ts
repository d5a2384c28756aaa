import type { Located, LocatedScalar } from './located.ts';
import { makeVars, type Value } from './value.ts';
import { readTimestamp } from './yaml-timestamp.ts';

/** Which program's rules give a plain scalar its type: PyYAML's (YAML 1.1), or JSON's for a file that is JSON. */
export type TypingRules = 'yaml' | 'json';

/**
 * The value as Ansible has it: plain scalars typed by YAML 1.1 as PyYAML 6 does (`no` is false, `0123` is 83, `52:54:00` is 190440), dates
 * as ISO texts, `!vault` and `!unsafe` as `ansible-inventory` prints them.
 */
export function typeValue(node: Located, rules: TypingRules = 'yaml'): Value {
  const value = contentOf(node, rules);
  return node.tag === '!unsafe' ? markUnsafe(value) : value;
}

function contentOf(node: Located, rules: TypingRules): Value {
  if (node.kind === 'list') return node.items.map((item) => typeValue(item, rules));
  if (node.kind === 'map')
    return makeVars(
      node.entries.map(({ key, value }) => [keyOf(key, rules), typeValue(value, rules)] as const),
    );
  if (node.tag === '!vault' || node.tag === '!vault-encrypted')
    return makeVars([['__ansible_vault', node.text]]);
  return typeScalar(node, rules);
}

/** The name a mapping's key has once it is printed as JSON: `80` and `yes` are a number and true to YAML, and printed "80" and "true". */
export function keyOf(key: LocatedScalar, rules: TypingRules = 'yaml'): string {
  if (!key.plain && key.tag === undefined) return key.text;
  const value = typeScalar(key, rules);
  return typeof value === 'string' ? value : String(value);
}

/** False for a key that is a number, a date, nothing or yes/no to YAML, so that it must stand in quotes to be a name. */
export function isTextKey(key: LocatedScalar, rules: TypingRules = 'yaml'): boolean {
  const isDate = key.plain && rules === 'yaml' && readTimestamp(key.text) !== undefined;
  return typeof typeScalar(key, rules) === 'string' && !isDate;
}

function markUnsafe(value: Value): Value {
  if (typeof value === 'string') return makeVars([['__ansible_unsafe', value]]);
  if (Array.isArray(value)) return value.map(markUnsafe);
  if (typeof value !== 'object' || value === null) return value;
  return makeVars(Object.entries(value).map(([key, item]) => [key, markUnsafe(item)]));
}

function typeScalar({ text, plain, tag }: LocatedScalar, rules: TypingRules): Value {
  if (rules === 'json') return plain ? (JSON.parse(text) as Value) : text;
  if (tag === undefined || tag === '!') return plain ? typePlain(text) : text;
  const value = readAs(tag, text);
  return value === undefined ? text : value;
}

const core = 'tag:yaml.org,2002:';

function readAs(tag: string, text: string): Value | undefined {
  if (tag === `${core}null`) return null;
  if (tag === `${core}bool`) return booleans.get(text.toLowerCase());
  if (tag === `${core}int`) return readInteger(text);
  if (tag === `${core}float`) return readFloat(text);
  return tag === `${core}timestamp` ? readTimestamp(text) : undefined;
}

const booleans = new Map([
  ['yes', true],
  ['no', false],
  ['true', true],
  ['false', false],
  ['on', true],
  ['off', false],
]);
const booleanWord =
  /^(?:yes|no|true|false|on|off|Yes|No|True|False|On|Off|YES|NO|TRUE|FALSE|ON|OFF)$/;
const nullWord = /^(?:~|null|Null|NULL|)$/;
const integer =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const float =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** Types a plain scalar as PyYAML's resolver does (yaml/resolver.py). */
export function typePlain(text: string): Value {
  if (!/^[-+.0-9~nNyYtTfFoO]|^$/.test(text)) return text;
  if (nullWord.test(text)) return null;
  if (booleanWord.test(text)) return booleans.get(text.toLowerCase()) ?? text;
  if (!/^[-+.0-9]/.test(text)) return text;
  if (integer.test(text)) return readInteger(text) ?? text;
  if (float.test(text)) return readFloat(text) ?? text;
  return readTimestamp(text) ?? text;
}

function readInteger(text: string): number | undefined {
  const digits = text.replaceAll('_', '').replace(/^[-+]/, '');
  const sign = text.startsWith('-') ? -1 : 1;
  const value = digits.includes(':') ? readSexagesimal(digits) : readDigits(digits);
  if (value === undefined || Number.isNaN(value)) return undefined;
  return value === 0 ? 0 : sign * value;
}

function readDigits(digits: string): number | undefined {
  const octal = /^0([0-7]+)$/.exec(digits)?.[1];
  if (octal !== undefined) return Number(`0o${octal}`);
  return /^(?:0b[01]+|0x[0-9a-fA-F]+|0|[1-9][0-9]*)$/.test(digits) ? Number(digits) : undefined;
}

function readSexagesimal(digits: string): number {
  return digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

function readFloat(text: string): number | undefined {
  const digits = text.replaceAll('_', '').replace(/^[-+]/, '').toLowerCase();
  const sign = text.startsWith('-') ? -1 : 1;
  if (digits === '.inf') return sign * Number.POSITIVE_INFINITY;
  if (digits === '.nan') return Number.NaN;
  if (digits.includes(':')) return sign * readSexagesimal(digits);
  const value = digits === '' ? Number.NaN : Number(digits);
  return Number.isNaN(value) ? undefined : sign * value;
}
