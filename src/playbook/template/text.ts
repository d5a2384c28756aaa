import { numberOf, type WholeFloat } from '../../model/play-value.ts';
import { dictEntries } from './dict.ts';
import { renderFloat } from './number-text.ts';
import {
  type Dict,
  defined,
  fail,
  type Key,
  kindOf,
  nothing,
  type Py,
  type Thing,
  type View,
} from './values.ts';

/** Values nested deeper than this cannot be printed. */
const maxDepth = 200;

/** A value as Python's `str()` prints it. Undefined ones fail. */
export function textOf(value: Py): string {
  if (typeof value === 'string') return value;
  if (value === nothing) return '';
  if (kindOf(value) !== 'thing') return reprOf(value);
  const thing = value as Thing;
  if (thing.text) return thing.text();
  return fail(
    `a ${thing.type} cannot be printed; call it with (), or write ['name'] for a key of that name`,
  );
}

/** A value as Python's `repr()` prints it, as it stands in printed lists and dicts. */
export function reprOf(value: Py, depth = 0): string {
  if (depth > maxDepth) fail(`values nested deeper than ${maxDepth} levels cannot be printed`);
  const known = defined(value);
  switch (kindOf(known)) {
    case 'none':
      return 'None';
    case 'bool':
      return known === true ? 'True' : 'False';
    case 'int':
      return renderInteger(known as number | bigint);
    case 'float':
      return renderFloat(typeof known === 'number' ? known : numberOf(known as WholeFloat));
    case 'str':
      return reprText(known as string);
    case 'list':
      return `[${(known as Py[]).map((item) => reprOf(item, depth + 1)).join(', ')}]`;
    case 'tuple':
      return reprTuple((known as { items: readonly Py[] }).items, depth);
    case 'dict':
      return reprDict(known as Dict, depth);
    case 'view':
      return reprView(known as View, depth);
    default:
      return (known as Thing).repr?.() ?? textOf(known);
  }
}

/** JavaScript writes numbers from 1e21 on with an exponent. */
function renderInteger(value: number | bigint): string {
  return typeof value === 'number' && Math.abs(value) >= 1e21
    ? String(BigInt(value))
    : String(value);
}

function reprTuple(items: readonly Py[], depth: number): string {
  const inner = items.map((item) => reprOf(item, depth + 1)).join(', ');
  return items.length === 1 ? `(${inner},)` : `(${inner})`;
}

function reprDict(dict: Dict, depth: number): string {
  const inner = dictEntries(dict).map(
    ([key, value]) => `${reprKey(key)}: ${reprOf(value, depth + 1)}`,
  );
  return `{${inner.join(', ')}}`;
}

function reprKey(key: Key): string {
  if (typeof key !== 'number') return reprOf(key);
  return Number.isInteger(key) ? String(key) : renderFloat(key);
}

function reprView(view: View, depth: number): string {
  return view.text ?? `${view.type}(${reprOf([...view.items], depth)})`;
}

const named: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** Text in Python's quotes: single ones unless only they occur in it; what cannot be printed is escaped. */
export function reprText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll(/[\\'"]|(?! )[\p{C}\p{Z}]/gu, (sign) => {
    if (sign === '"' || sign === "'") return sign === quote ? `\\${sign}` : sign;
    return named.get(sign) ?? escapeSign(sign);
  });
  return `${quote}${escaped}${quote}`;
}

function escapeSign(sign: string): string {
  const code = sign.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
