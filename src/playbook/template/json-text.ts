import { compareText } from './compare.ts';
import { dictEntries } from './dict.ts';
import { renderFloat } from './number-text.ts';
import { textOf } from './text.ts';
import {
  type Dict,
  defined,
  fail,
  isFloat,
  type Key,
  kindOf,
  numberIn,
  type Py,
  type Thing,
  type Tuple,
  typeName,
  type View,
} from './values.ts';

/** How Python's `json.dumps` writes. */
export interface JsonStyle {
  /** Spaces of one level, or the text of one; undefined: all on one line. */
  readonly indent?: number | string | undefined;
  readonly sortKeys?: boolean;
  /** Between members and after a key; Python's own when left out. */
  readonly separators?: readonly [string, string];
  /** False: characters beyond ASCII stand as they are. */
  readonly ascii?: boolean;
}

interface Writing {
  readonly margin: string | undefined;
  readonly sortKeys: boolean;
  readonly comma: string;
  readonly colon: string;
  readonly ascii: boolean;
}

const maxDepth = 200;

/** A value as Python's `json.dumps` writes it. Undefined values fail. */
export function renderJson(value: Py, style: JsonStyle = {}): string {
  const { indent } = style;
  const margin = typeof indent === 'number' ? ' '.repeat(Math.max(0, indent)) : indent;
  const [comma, colon] = style.separators ?? [margin === undefined ? ', ' : ',', ': '];
  const writing = {
    margin,
    sortKeys: style.sortKeys ?? false,
    comma,
    colon,
    ascii: style.ascii ?? true,
  };
  return write(value, writing, 0);
}

function write(value: Py, style: Writing, depth: number): string {
  if (depth > maxDepth) fail('values nested that deep cannot be written as JSON');
  const known = defined(value);
  switch (kindOf(known)) {
    case 'none':
      return 'null';
    case 'bool':
      return String(known);
    case 'int':
      return String(known);
    case 'float':
      return writeFloat(numberIn(known) ?? 0);
    case 'str':
      return quoteJson(known as string, style.ascii);
    case 'list':
      return writeList(known as Py[], style, depth);
    case 'tuple':
    case 'view':
      return writeList((known as Tuple | View).items, style, depth);
    case 'dict':
      return writeDict(known as Dict, style, depth);
    default:
      return writeThing(known as Thing, style);
  }
}

function writeThing(thing: Thing, style: Writing): string {
  if (thing.type !== 'datetime') fail(`Object of type ${typeName(thing)} is not JSON serializable`);
  return quoteJson(textOf(thing).replace(' ', 'T'), style.ascii);
}

function writeFloat(number: number): string {
  if (Number.isNaN(number)) return 'NaN';
  if (!Number.isFinite(number)) return number > 0 ? 'Infinity' : '-Infinity';
  return renderFloat(number);
}

const short: { readonly [sign: string]: string } = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

/** Text in JSON's quotes; beyond ASCII as `\uXXXX` unless told otherwise. */
export function quoteJson(text: string, ascii: boolean): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON wants them escaped
  const strange = ascii ? /["\\]|[^ -~]/g : /["\\\u0000-\u001f]/g;
  const escaped = text.replaceAll(
    strange,
    (sign) => short[sign] ?? `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escaped}"`;
}

function writeMembers(
  members: readonly string[],
  brackets: string,
  { margin, comma }: Writing,
  depth: number,
): string {
  if (members.length === 0) return brackets;
  const [open, close] = [brackets.charAt(0), brackets.charAt(1)];
  if (margin === undefined) return open + members.join(comma) + close;
  const line = `\n${margin.repeat(depth + 1)}`;
  return `${open}${line}${members.join(comma.trimEnd() + line)}\n${margin.repeat(depth)}${close}`;
}

function writeList(items: readonly Py[], style: Writing, depth: number): string {
  return writeMembers(
    items.map((item) => write(item, style, depth + 1)),
    '[]',
    style,
    depth,
  );
}

function writeDict(dict: Dict, style: Writing, depth: number): string {
  const entries = dictEntries(dict);
  if (style.sortKeys) entries.sort(([a], [b]) => compareKeys(a, b));
  const members = entries.map(
    ([key, item]) =>
      quoteJson(keyText(key), style.ascii) + style.colon + write(item, style, depth + 1),
  );
  return writeMembers(members, '{}', style, depth);
}

function compareKeys(a: Key, b: Key): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return fail(`'<' not supported between instances of '${typeName(b)}' and '${typeName(a)}'`);
}

function keyText(key: Key): string {
  if (typeof key === 'string') return key;
  return typeof key === 'number' && isFloat(key)
    ? renderFloat(key)
    : key === null
      ? 'null'
      : String(key);
}
