/** A JSON value that knows where it stands: `line` from 1, half-open offsets into the text. */
export type JsonNode = { readonly line: number; readonly start: number; readonly end: number } & (
  | { readonly kind: 'scalar'; readonly value: null | boolean | number | string }
  | { readonly kind: 'list'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, JsonNode> }
);

interface Reading {
  readonly text: string;
  at: number;
  line: number;
  depth: number;
}

/** Comments as Kea takes them (Kea ARM, 5.1.1): `#`, `//` and slash-star; commas before a closing bracket are allowed from Kea 2.5 on. */
const space = /(?:[ \t\r\n]+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const scalar = /"(?:[^"\\\n]|\\.)*"|-?\d[\d.eE+-]*|true|false|null/y;
const maxDepth = 200;

/** Reads JSON with comments; never throws. */
export function parseCommentedJson(text: string): JsonNode | { problem: string; line: number } {
  const reading: Reading = { text, at: 0, line: 1, depth: 0 };
  try {
    skipSpace(reading);
    const node = readValue(reading);
    if (reading.at < text.length) throw new SyntaxError('something stands behind the last bracket');
    return node;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { problem: `no JSON: ${error.message}`, line: reading.line };
  }
}

function readValue(reading: Reading): JsonNode {
  const { line, at: start, text } = reading;
  reading.depth += 1;
  if (reading.depth > maxDepth) throw new SyntaxError('it is nested too deep');
  const open = text[start];
  const body =
    open === '{' ? readMap(reading) : open === '[' ? readList(reading) : readScalar(reading);
  const node = { ...body, line, start, end: reading.at };
  reading.depth -= 1;
  skipSpace(reading);
  return node;
}

function readMap(reading: Reading) {
  const entries = new Map<string, JsonNode>();
  readItems(reading, '}', () => {
    const key = readScalar(reading).value;
    skipSpace(reading);
    if (typeof key !== 'string' || !take(reading, ':'))
      throw new SyntaxError('a key in quotes and a colon were expected');
    entries.set(key, readValue(reading));
  });
  return { kind: 'map' as const, entries };
}

function readList(reading: Reading) {
  const items: JsonNode[] = [];
  readItems(reading, ']', () => items.push(readValue(reading)));
  return { kind: 'list' as const, items };
}

function readItems(reading: Reading, close: string, readItem: () => void): void {
  reading.at += 1;
  skipSpace(reading);
  while (reading.text[reading.at] !== close) {
    readItem();
    if (!take(reading, ',') && reading.text[reading.at] !== close)
      throw new SyntaxError(`a comma or ${close} was expected`);
  }
  reading.at += 1;
}

function readScalar(reading: Reading) {
  scalar.lastIndex = reading.at;
  const found = scalar.exec(reading.text)?.[0];
  if (found === undefined) throw new SyntaxError('a value was expected');
  reading.at += found.length;
  return { kind: 'scalar' as const, value: JSON.parse(found) as null | boolean | number | string };
}

function take(reading: Reading, sign: string): boolean {
  if (reading.text[reading.at] !== sign) return false;
  reading.at += 1;
  skipSpace(reading);
  return true;
}

function skipSpace(reading: Reading): void {
  space.lastIndex = reading.at;
  const found = space.exec(reading.text)?.[0] ?? '';
  reading.at += found.length;
  reading.line += found.split('\n').length - 1;
}
