import { parseJson } from './parse-json.ts';
import { fail, type Py } from './values.ts';

/** A JMESPath expression (jmespath.org, the grammar). */
export type Query =
  | { readonly kind: 'current' }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: Py }
  | { readonly kind: 'index'; readonly at: number }
  | { readonly kind: 'slice'; readonly bounds: readonly (number | undefined)[] }
  | { readonly kind: 'pipe' | 'sub'; readonly left: Query; readonly right: Query }
  | LogicQuery
  /** Goes on with each member of a list (`[*]`, `[]`, `[?…]`) or of a mapping (`*`). */
  | {
      readonly kind: 'each';
      readonly of: 'list' | 'values' | 'flat' | 'filter' | 'slice';
      readonly left: Query;
      readonly right: Query;
      readonly test?: Query;
    }
  | { readonly kind: 'compare'; readonly sign: string; readonly left: Query; readonly right: Query }
  | { readonly kind: 'list'; readonly items: readonly Query[] }
  | { readonly kind: 'hash'; readonly entries: readonly (readonly [string, Query])[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Query[] }
  | { readonly kind: 'reference'; readonly value: Query };

/** A query that judges truth. */
export type LogicQuery =
  | { readonly kind: 'and' | 'or'; readonly left: Query; readonly right: Query }
  | { readonly kind: 'not'; readonly value: Query };

interface Reader {
  readonly text: string;
  readonly tokens: readonly string[];
  at: number;
}

const token =
  /\s+|[A-Za-z_]\w*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|-?\d+|\[\?|\[\]|\|\||&&|[=!<>]=|[.*@[\](){}|,:<>!&]/gy;
const current: Query = { kind: 'current' };

/** Parses JMESPath; a broken expression fails. */
export function parseQuery(text: string): Query {
  const tokens: string[] = [];
  token.lastIndex = 0;
  let end = 0;
  for (let found = token.exec(text); found; found = token.exec(text)) {
    end = token.lastIndex;
    if (found[0].trim() !== '') tokens.push(found[0]);
  }
  if (end < text.length) fail(`json_query: unexpected "${text.charAt(end)}" in ${text}`);
  const reader: Reader = { text, tokens, at: 0 };
  const query = parsePipe(reader);
  return reader.at < tokens.length ? refuse(reader) : query;
}

function refuse(reader: Reader): never {
  const word = reader.tokens[reader.at];
  const what = word === undefined ? 'the end' : `"${word}"`;
  return fail(`json_query: ${what} is not expected in the expression ${reader.text}`);
}

function take(reader: Reader, word: string): boolean {
  if (reader.tokens[reader.at] !== word) return false;
  reader.at++;
  return true;
}

function expect(reader: Reader, word: string): void {
  if (!take(reader, word)) refuse(reader);
}

function parsePipe(reader: Reader): Query {
  let left = parseOr(reader);
  while (take(reader, '|')) left = { kind: 'pipe', left, right: parseOr(reader) };
  return left;
}

function parseOr(reader: Reader): Query {
  let left = parseAnd(reader);
  while (take(reader, '||')) left = { kind: 'or', left, right: parseAnd(reader) };
  return left;
}

function parseAnd(reader: Reader): Query {
  let left = parseCompare(reader);
  while (take(reader, '&&')) left = { kind: 'and', left, right: parseCompare(reader) };
  return left;
}

function parseCompare(reader: Reader): Query {
  const left = parseNot(reader);
  const sign = reader.tokens[reader.at] ?? '';
  if (!/^(?:[=!<>]=|[<>])$/.test(sign)) return left;
  reader.at++;
  return { kind: 'compare', sign, left, right: parseNot(reader) };
}

function parseNot(reader: Reader): Query {
  if (take(reader, '!')) return { kind: 'not', value: parseNot(reader) };
  return parseRest(reader, parseFirst(reader));
}

function parseFirst(reader: Reader): Query {
  const word = reader.tokens[reader.at] ?? '';
  if (word === '*' || word.startsWith('[')) return current;
  reader.at++;
  if (word === '@') return current;
  if (word === '&') return { kind: 'reference', value: parseOr(reader) };
  if (word === '{') return parseHash(reader);
  if (word === '(') {
    const inner = parsePipe(reader);
    expect(reader, ')');
    return inner;
  }
  if (word.startsWith('`'))
    return { kind: 'literal', value: readLiteral(word.slice(1, -1).replaceAll('\\`', '`')) };
  if (word.startsWith("'"))
    return { kind: 'literal', value: word.slice(1, -1).replaceAll("\\'", "'") };
  reader.at--;
  return parseField(reader);
}

/** Unquoted words between backticks are text, as older versions took them. */
function readLiteral(text: string): Py {
  const trimmed = text.trimStart();
  return /^(?:["[{\d-]|(?:true|false|null)\s*$)/.test(trimmed) ? parseJson(trimmed) : trimmed;
}

function parseField(reader: Reader): Query {
  const word = reader.tokens[reader.at] ?? '';
  if (!/^["A-Za-z_]/.test(word)) return refuse(reader);
  reader.at++;
  if (word.startsWith('"')) return { kind: 'field', name: JSON.parse(word) as string };
  if (!take(reader, '(')) return { kind: 'field', name: word };
  const args: Query[] = [];
  while (!take(reader, ')')) {
    args.push(parsePipe(reader));
    if (reader.tokens[reader.at] !== ')') expect(reader, ',');
  }
  return { kind: 'call', name: word, args };
}

/** What follows a value: `.name`, `[0]`, `[*]`, `[?…]`; after a projection the rest goes for each member. */
function parseRest(reader: Reader, first: Query): Query {
  let left = first;
  for (;;) {
    if (take(reader, '.')) left = parseDot(reader, left);
    else if (take(reader, '*')) return project(reader, 'values', left);
    else if (take(reader, '[]')) left = project(reader, 'flat', left);
    else if (take(reader, '[?')) {
      const test = parsePipe(reader);
      expect(reader, ']');
      return project(reader, 'filter', left, test);
    } else if (reader.tokens[reader.at] === '[') left = parseBracket(reader, left);
    else return left;
  }
}

function parseDot(reader: Reader, left: Query): Query {
  if (take(reader, '*')) return project(reader, 'values', left);
  if (take(reader, '{')) return { kind: 'sub', left, right: parseHash(reader) };
  if (take(reader, '[')) return { kind: 'sub', left, right: parseMultiSelect(reader) };
  return { kind: 'sub', left, right: parseField(reader) };
}

function project(
  reader: Reader,
  of: 'list' | 'values' | 'flat' | 'filter' | 'slice',
  left: Query,
  test?: Query,
): Query {
  // a flattening ends the projection before it, so it is left to the caller
  const right = parseInside(reader);
  return { kind: 'each', of, left, right, ...(test && { test }) };
}

function parseInside(reader: Reader): Query {
  let inside: Query = current;
  for (;;) {
    const word = reader.tokens[reader.at];
    if (take(reader, '.')) inside = parseDot(reader, inside);
    else if (word === '[?') {
      reader.at++;
      const test = parsePipe(reader);
      expect(reader, ']');
      return project(reader, 'filter', inside, test);
    } else if (word === '[') inside = parseBracket(reader, inside);
    else return inside;
  }
}

function parseBracket(reader: Reader, left: Query): Query {
  expect(reader, '[');
  const word = reader.tokens[reader.at] ?? '';
  if (word === '*' && reader.tokens[reader.at + 1] === ']') {
    reader.at += 2;
    return project(reader, 'list', left);
  }
  if (!/^(?:-?\d+|:)$/.test(word)) return { kind: 'sub', left, right: parseMultiSelect(reader) };
  const bounds = parseBounds(reader);
  expect(reader, ']');
  const [at] = bounds;
  if (bounds.length === 1 && at !== undefined)
    return { kind: 'sub', left, right: { kind: 'index', at } };
  const sliced: Query = { kind: 'sub', left, right: { kind: 'slice', bounds } };
  return project(reader, 'slice', sliced);
}

function parseBounds(reader: Reader): (number | undefined)[] {
  const bounds: (number | undefined)[] = [undefined];
  for (;;) {
    const word = reader.tokens[reader.at] ?? '';
    if (/^-?\d+$/.test(word)) bounds[bounds.length - 1] = Number(word);
    else if (word === ':' && bounds.length < 3) bounds.push(undefined);
    else return bounds;
    reader.at++;
  }
}

function parseMultiSelect(reader: Reader): Query {
  const items: Query[] = [];
  do items.push(parsePipe(reader));
  while (take(reader, ','));
  expect(reader, ']');
  return { kind: 'list', items };
}

function parseHash(reader: Reader): Query {
  const entries: [string, Query][] = [];
  do {
    const word = reader.tokens[reader.at++] ?? '';
    if (!/^["A-Za-z_]/.test(word)) refuse(reader);
    expect(reader, ':');
    entries.push([word.startsWith('"') ? (JSON.parse(word) as string) : word, parsePipe(reader)]);
  } while (take(reader, ','));
  expect(reader, '}');
  return { kind: 'hash', entries };
}
