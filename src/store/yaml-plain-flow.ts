import type { Located, LocatedEntry, LocatedScalar, SourceText } from '../model/located.ts';
import {
  hasDuplicates,
  isLineOver,
  isQuote,
  plainScalar,
  readPlain,
  readQuoted,
  skipSpaces,
  startsPlain,
} from './yaml-plain-scalar.ts';

const space = 0x20;
const hash = 0x23;
const comma = 0x2c;
const colon = 0x3a;
const closingBrace = 0x7d;
const braces: ReadonlyMap<number, number> = new Map([
  [0x7b, closingBrace],
  [0x5b, 0x5d],
]);
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
  const node = isQuote(first)
    ? readQuoted(source, start, lineEnd)
    : braces.has(first)
      ? readFlow(source, start, lineEnd, 0)
      : readPlain(source, start, lineEnd);
  return node && isLineOver(source.text, node.end, lineEnd) ? node : undefined;
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
  if (isQuote(first)) return readQuoted(source, start, lineEnd);
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
