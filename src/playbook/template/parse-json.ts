import { makeFloat } from '../../model/play-value.ts';
import { makeDict } from './dict.ts';
import { readInteger } from './integers.ts';
import { fail, type Key, type Py } from './values.ts';

interface Reader {
  readonly text: string;
  at: number;
  depth: number;
}

const maxDepth = 500;

/** Reads JSON as Python's `json.loads` does: `1.0` is a float, and NaN and Infinity are taken. */
export function parseJson(text: string): Py {
  const reader: Reader = { text, at: 0, depth: 0 };
  const value = readValue(reader);
  skip(reader);
  return reader.at < text.length ? refuse(reader, 'Extra data') : value;
}

function refuse({ text, at }: Reader, what: string): never {
  const before = text.slice(0, at).split('\n');
  const column = (before.at(-1) ?? '').length + 1;
  return fail(`${what}: line ${before.length} column ${column} (char ${at})`);
}

function skip(reader: Reader): void {
  while (/[ \t\n\r]/.test(reader.text.charAt(reader.at))) reader.at++;
}

function take(reader: Reader, sign: string): boolean {
  skip(reader);
  if (reader.text.charAt(reader.at) !== sign) return false;
  reader.at++;
  return true;
}

const words: ReadonlyMap<string, Py> = new Map<string, Py>([
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);
const word = /null|true|false|NaN|-?Infinity/y;
const number = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y;
const string = /"(?:[^"\\]|\\[\s\S])*"/y;

function match(pattern: RegExp, reader: Reader): RegExpExecArray | null {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text);
  if (found) reader.at += found[0].length;
  return found;
}

function readValue(reader: Reader): Py {
  skip(reader);
  const sign = reader.text.charAt(reader.at);
  if (sign === '{' || sign === '[') return readNested(reader, sign);
  if (sign === '"') return readString(reader);
  const name = match(word, reader);
  if (name) return words.get(name[0]) ?? null;
  const digits = match(number, reader);
  if (!digits) return refuse(reader, 'Expecting value');
  const [whole, fraction, exponent] = digits;
  if (fraction === undefined && exponent === undefined) return readInteger(whole);
  return makeFloat(Number(whole));
}

function readNested(reader: Reader, sign: string): Py {
  if (++reader.depth > maxDepth) refuse(reader, 'too deeply nested');
  reader.at++;
  const value = sign === '{' ? readObject(reader) : readArray(reader);
  reader.depth--;
  return value;
}

function readString(reader: Reader): string {
  const begin = reader.at;
  const found = match(string, reader);
  try {
    if (found) return JSON.parse(found[0]) as string;
  } catch {
    reader.at = begin;
    return refuse(reader, 'Invalid control character or \\escape in the string');
  }
  return refuse(reader, 'Unterminated string starting at');
}

function readArray(reader: Reader): Py[] {
  const items: Py[] = [];
  if (take(reader, ']')) return items;
  do items.push(readValue(reader));
  while (take(reader, ','));
  return take(reader, ']') ? items : refuse(reader, "Expecting ',' delimiter");
}

function readObject(reader: Reader): Py {
  const entries: [Key, Py][] = [];
  if (take(reader, '}')) return makeDict();
  do {
    skip(reader);
    if (reader.text.charAt(reader.at) !== '"')
      refuse(reader, 'Expecting property name enclosed in double quotes');
    const key = readString(reader);
    if (!take(reader, ':')) refuse(reader, "Expecting ':' delimiter");
    entries.push([key, readValue(reader)]);
  } while (take(reader, ','));
  return take(reader, '}') ? makeDict(entries) : refuse(reader, "Expecting ',' delimiter");
}
