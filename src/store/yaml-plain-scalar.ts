import type { Located, LocatedEntry, LocatedScalar, SourceText } from '../model/located.ts';

const space = 0x20;
const hash = 0x23;
const colon = 0x3a;
const quoteDouble = 0x22;
const quoteSingle = 0x27;
const comma = 0x2c;
const dash = 0x2d;
const backslash = 0x5c;
const closingBrace = 0x7d;
const braces: ReadonlyMap<number, number> = new Map([
  [0x7b, closingBrace],
  [0x5b, 0x5d],
]);
const indicators = new Set([...'-?:,[]{}#&*!|>\'"%@`'].map((text) => text.charCodeAt(0)));
const flowIndicators = new Set([...',[]{}'].map((text) => text.charCodeAt(0)));

/** Flow collections nested deeper than this are left to the full parser. */
const maxFlowDepth = 8;

/** Reads a value that ends on its line; `undefined` means: not one of the plain forms, let the full parser decide. */
export function readInlineValue(
  source: SourceText,
  start: number,
  lineEnd: number,
): Located | undefined {
  const first = source.text.charCodeAt(start);
  const node =
    first === quoteDouble || first === quoteSingle
      ? readQuoted(source, start, lineEnd)
      : braces.has(first)
        ? readFlow(source, start, lineEnd, 0)
        : readPlain(source, start, lineEnd);
  return node && isLineOver(source.text, node.end, lineEnd) ? node : undefined;
}

/** Reads the key of a block mapping; its `:` is the character at `end`. */
export function readKey(
  source: SourceText,
  start: number,
  lineEnd: number,
): LocatedScalar | undefined {
  const { text } = source;
  const first = text.charCodeAt(start);
  if (first === quoteDouble || first === quoteSingle) {
    const key = readQuoted(source, start, lineEnd);
    return key && text.charCodeAt(key.end) === colon && endsKey(text, key.end, lineEnd)
      ? key
      : undefined;
  }
  if (indicators.has(first)) return undefined;
  for (let at = start; at < lineEnd; at++) {
    const code = text.charCodeAt(at);
    if (code === colon && endsKey(text, at, lineEnd)) return keyOf(source, start, at);
    if (code < space || (code === hash && text.charCodeAt(at - 1) === space)) return undefined;
  }
  return undefined;
}

function keyOf(source: SourceText, start: number, end: number): LocatedScalar | undefined {
  if (end - start > 1000 || source.text.charCodeAt(end - 1) === space) return undefined;
  const key = plainScalar(source, start, end);
  return key.text === '<<' ? undefined : key;
}

function endsKey(text: string, at: number, lineEnd: number): boolean {
  return at + 1 === lineEnd || text.charCodeAt(at + 1) === space;
}

/** True when nothing but spaces and a comment stands before the line's end. */
export function isLineOver(text: string, start: number, lineEnd: number): boolean {
  let at = start;
  while (at < lineEnd && text.charCodeAt(at) === space) at++;
  return at === lineEnd || (at > start && text.charCodeAt(at) === hash);
}

/** The scalar nobody wrote: the empty place after a key's colon. */
export function emptyScalar(source: SourceText, at: number): LocatedScalar {
  return plainScalar(source, at, at);
}

function plainScalar(source: SourceText, start: number, end: number): LocatedScalar {
  return { kind: 'scalar', text: source.text.slice(start, end), plain: true, source, start, end };
}

function startsPlain(text: string, start: number): boolean {
  const first = text.charCodeAt(start);
  if (!indicators.has(first)) return true;
  return first === dash && /[A-Za-z0-9.]/.test(text.charAt(start + 1));
}

function readPlain(source: SourceText, start: number, lineEnd: number): LocatedScalar | undefined {
  const { text } = source;
  if (!startsPlain(text, start)) return undefined;
  let end = start;
  for (let at = start; at < lineEnd; at++) {
    const code = text.charCodeAt(at);
    if (code === space) continue;
    if (code < space || (code === colon && endsKey(text, at, lineEnd))) return undefined;
    if (code === hash && text.charCodeAt(at - 1) === space) break;
    end = at + 1;
  }
  return plainScalar(source, start, end);
}

function readQuoted(source: SourceText, start: number, lineEnd: number): LocatedScalar | undefined {
  const { text } = source;
  const quote = text.charCodeAt(start);
  let doubled = false;
  for (let at = start + 1; at < lineEnd; at++) {
    const code = text.charCodeAt(at);
    if (code < space || (code === backslash && quote === quoteDouble)) return undefined;
    if (code !== quote) continue;
    if (quote === quoteSingle && text.charCodeAt(at + 1) === quote) {
      doubled = true;
      at++;
      continue;
    }
    const inner = text.slice(start + 1, at);
    const content = doubled ? inner.replaceAll("''", "'") : inner;
    return { kind: 'scalar', text: content, plain: false, source, start, end: at + 1 };
  }
  return undefined;
}

function readFlow(
  source: SourceText,
  start: number,
  lineEnd: number,
  depth: number,
): Located | undefined {
  const { text } = source;
  const close = braces.get(text.charCodeAt(start));
  if (depth >= maxFlowDepth || close === undefined) return undefined;
  const parts: Partial<LocatedEntry>[] = [];
  let at = skipSpaces(text, start + 1);
  while (text.charCodeAt(at) !== close || parts.length > 0) {
    const part = readFlowPart(source, at, lineEnd, depth, close === closingBrace);
    if (!part) return undefined;
    parts.push(part);
    at = skipSpaces(text, part.value.end);
    if (text.charCodeAt(at) === close) break;
    if (text.charCodeAt(at) !== comma) return undefined;
    at = skipSpaces(text, at + 1);
  }
  return closeFlow(parts, close === closingBrace, { source, start, end: at + 1 });
}

function closeFlow(
  parts: readonly Partial<LocatedEntry>[],
  isMap: boolean,
  place: { source: SourceText; start: number; end: number },
): Located | undefined {
  if (!isMap) return { kind: 'list', items: parts.flatMap(({ value }) => value ?? []), ...place };
  const entries = parts.flatMap(({ key, value }) => (key && value ? [{ key, value }] : []));
  return hasDuplicates(entries) ? undefined : { kind: 'map', entries, ...place };
}

function readFlowPart(
  source: SourceText,
  start: number,
  lineEnd: number,
  depth: number,
  isMap: boolean,
): { key?: LocatedScalar; value: Located } | undefined {
  if (!isMap) {
    const value = readFlowNode(source, start, lineEnd, depth);
    return value && { value };
  }
  const key = readFlowKey(source, start, lineEnd);
  const value = key && readFlowNode(source, skipSpaces(source.text, key.end + 1), lineEnd, depth);
  return value && { key, value };
}

function readFlowKey(
  source: SourceText,
  start: number,
  lineEnd: number,
): LocatedScalar | undefined {
  const key = readFlowScalar(source, start, lineEnd);
  const { text } = source;
  const isKey = key && text.charCodeAt(key.end) === colon && text.charCodeAt(key.end + 1) === space;
  return isKey && key.text !== '<<' ? key : undefined;
}

function readFlowNode(
  source: SourceText,
  start: number,
  lineEnd: number,
  depth: number,
): Located | undefined {
  if (start >= lineEnd) return undefined;
  return braces.has(source.text.charCodeAt(start))
    ? readFlow(source, start, lineEnd, depth + 1)
    : readFlowScalar(source, start, lineEnd);
}

function readFlowScalar(
  source: SourceText,
  start: number,
  lineEnd: number,
): LocatedScalar | undefined {
  const { text } = source;
  const first = text.charCodeAt(start);
  if (first === quoteDouble || first === quoteSingle) return readQuoted(source, start, lineEnd);
  const end = startsPlain(text, start) ? endOfFlowPlain(text, start, lineEnd) : -1;
  return end > start ? plainScalar(source, start, end) : undefined;
}

/** Where a plain scalar inside brackets ends; -1 when it is not of the simple kind. */
function endOfFlowPlain(text: string, start: number, lineEnd: number): number {
  let end = start;
  for (let at = start; at < lineEnd; at++) {
    const code = text.charCodeAt(at);
    if (code === space) continue;
    if (code < space || code === hash) return -1;
    if (flowIndicators.has(code)) break;
    const next = code === colon ? text.charCodeAt(at + 1) : 0;
    if (next === space) break;
    if (flowIndicators.has(next)) return -1;
    end = at + 1;
  }
  return end;
}

/** True when a key stands twice; the full parser then says where. */
export function hasDuplicates(entries: readonly LocatedEntry[]): boolean {
  if (entries.length > 12) return new Set(entries.map(({ key }) => key.text)).size < entries.length;
  for (let right = 1; right < entries.length; right++) {
    const text = entries[right]?.key.text;
    for (let left = 0; left < right; left++) if (entries[left]?.key.text === text) return true;
  }
  return false;
}

function skipSpaces(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) === space) at++;
  return at;
}
