import { makeVars, type Value } from '../model/value.ts';

/** Python's lists, tuples and dicts deeper than this are taken for text. */
const maxDepth = 40;

/** A text on its way through the reader; `at` is the next character. */
interface Reader {
  readonly text: string;
  at: number;
  depth: number;
}

/** What a part of a text was read as; undefined means it is no literal. */
interface Read {
  readonly value: Value;
}

/**
 * Reads a text as Python's `ast.literal_eval` does, which is how Ansible types values of INI inventories: `1`, `0x1f`, `1.5`, `True`, `None`, `'text'`,
 * `[1, 2]`, `{'a': 1}`, `1,2`. Whatever is no literal stays the text it is. Tuples become lists.
 */
export function readPythonLiteral(text: string): Value {
  const reader: Reader = { text: text.replace(/^[ \t]+/, ''), at: 0, depth: 0 };
  const read = readSequence(reader, '');
  skipBlank(reader);
  return read && reader.at === reader.text.length ? read.value : text;
}

function skipBlank(reader: Reader): void {
  const blank = reader.depth > 0 ? /(?:[ \t\f\n]|#[^\n]*)*/y : /[ \t\f]*(?:#[^\n]*)?\n*/y;
  blank.lastIndex = reader.at;
  reader.at += blank.exec(reader.text)?.[0].length ?? 0;
}

function take(reader: Reader, text: string): boolean {
  skipBlank(reader);
  if (!reader.text.startsWith(text, reader.at)) return false;
  reader.at += text.length;
  return true;
}

/** One value, or values with commas between them: a tuple. */
function readSequence(reader: Reader, close: string): Read | undefined {
  const first = readValue(reader);
  if (!first || !take(reader, ',')) return first;
  const items = [first.value];
  while (!atEnd(reader, close)) {
    const item = readValue(reader);
    if (!item) return undefined;
    items.push(item.value);
    if (!take(reader, ',')) break;
  }
  return { value: items };
}

function atEnd(reader: Reader, close: string): boolean {
  skipBlank(reader);
  return close === '' ? reader.at === reader.text.length : reader.text[reader.at] === close;
}

function readValue(reader: Reader): Read | undefined {
  skipBlank(reader);
  const first = reader.text[reader.at] ?? '';
  if (first === '[' || first === '(' || first === '{') return readBracket(reader, first);
  return readWord(reader) ?? readNumber(reader) ?? readStrings(reader);
}

function readBracket(reader: Reader, open: string): Read | undefined {
  if (reader.depth >= maxDepth) return undefined;
  reader.at++;
  reader.depth++;
  const read =
    open === '[' ? readList(reader) : open === '(' ? readTuple(reader) : readDict(reader);
  reader.depth--;
  return read;
}

function readTuple(reader: Reader): Read | undefined {
  if (take(reader, ')')) return { value: [] };
  const read = readSequence(reader, ')');
  return read && take(reader, ')') ? read : undefined;
}

function readList(reader: Reader): Read | undefined {
  const items: Value[] = [];
  while (!take(reader, ']')) {
    const item = readValue(reader);
    if (!item) return undefined;
    items.push(item.value);
    if (!take(reader, ',') && !atEnd(reader, ']')) return undefined;
  }
  return { value: items };
}

function readDict(reader: Reader): Read | undefined {
  const entries: [string, Value][] = [];
  while (!take(reader, '}')) {
    const key = readValue(reader);
    if (!key || !take(reader, ':')) return undefined;
    const value = readValue(reader);
    if (!value || (typeof key.value === 'object' && key.value !== null)) return undefined;
    entries.push([String(key.value), value.value]);
    if (!take(reader, ',') && !atEnd(reader, '}')) return undefined;
  }
  return { value: makeVars(entries) };
}

const words: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['True', true],
  ['False', false],
  ['None', null],
]);

function readWord(reader: Reader): Read | undefined {
  const word = matchAt(reader, /[A-Za-z_]\w*(?!['"\w])/y);
  const value = word === undefined ? undefined : words.get(word);
  if (word === undefined || value === undefined) return undefined;
  reader.at += word.length;
  return { value };
}

const number =
  /(?:[-+][ \t]*)?(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][-+]?\d(?:_?\d)*)?)(?![\w.])/y;

function readNumber(reader: Reader): Read | undefined {
  const found = matchAt(reader, number);
  if (found === undefined) return undefined;
  const digits = found.replaceAll(/[_ \t]/g, '').replace(/^[-+]/, '');
  if (/^0\d*[1-9]\d*$/.test(digits)) return undefined;
  reader.at += found.length;
  const value = Number(digits);
  return { value: found.startsWith('-') && value !== 0 ? -value : value };
}

function matchAt(reader: Reader, expression: RegExp): string | undefined {
  expression.lastIndex = reader.at;
  return expression.exec(reader.text)?.[0];
}

/** One text, or several side by side, which Python joins. */
function readStrings(reader: Reader): Read | undefined {
  let joined: string | undefined;
  for (let part = readString(reader); part !== undefined; part = readString(reader)) {
    joined = (joined ?? '') + part;
    skipBlank(reader);
  }
  return joined === undefined ? undefined : { value: joined };
}

const shortString = /([rRuUbB]{0,2})('(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*")/y;
const longString = /([rRuUbB]{0,2})('''(?:[^\\]|\\[\s\S])*?'''|"""(?:[^\\]|\\[\s\S])*?""")/y;

function readString(reader: Reader): string | undefined {
  const expression = /[rRuUbB]{0,2}(?:'''|""")/y;
  const isLong = matchAt(reader, expression) !== undefined;
  const chosen = isLong ? longString : shortString;
  chosen.lastIndex = reader.at;
  const found = chosen.exec(reader.text);
  if (!found) return undefined;
  const [whole, prefix = '', quoted = ''] = found;
  if (!/^(?:[rub]|rb|br)?$/i.test(prefix)) return undefined;
  reader.at += whole.length;
  const margin = isLong ? 3 : 1;
  const content = quoted.slice(margin, -margin);
  return /r/i.test(prefix) ? content : unescapeText(content);
}

const escapes: { readonly [letter: string]: string | undefined } = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function unescapeText(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U(00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4})|([0-7]{1,3})|([\s\S]))/g,
    (whole, hex, short, long, octal, letter: string | undefined) => {
      const code = hex ?? short ?? long;
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      return escapes[letter ?? ''] ?? whole;
    },
  );
}
