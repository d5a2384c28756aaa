import type { Located, LocatedEntry, SourceText } from '../model/located.ts';
import { readInlineValue } from './yaml-plain-flow.ts';
import {
  emptyScalar,
  hasDuplicates,
  isLineOver,
  readKey,
  skipSpaces,
} from './yaml-plain-scalar.ts';

/** Block collections nested deeper than this are left to the full parser. */
const maxDepth = 48;

/** The line with content that is looked at; `start` is its first character that is not a space. */
interface Cursor {
  readonly source: SourceText;
  line: number;
  start: number;
  end: number;
  /** Columns before `start`; -1 after the last line. */
  indent: number;
}

/**
 * Reads the plain subset of YAML that nearly all inventories are written in: block mappings and lists, one-line scalars, small
 * flow collections, comments. Answers `undefined` at anything it does not fully recognise: the full parser, ten times slower, then decides.
 */
export function readPlainYaml(source: SourceText): Located | undefined {
  const cursor: Cursor = { source, line: -1, start: 0, end: 0, indent: 0 };
  advance(cursor);
  if (cursor.indent === 0 && source.text.slice(cursor.start, cursor.end) === '---') advance(cursor);
  const root = cursor.indent === 0 ? readBlock(cursor, 0) : undefined;
  return isAtEnd(cursor) ? root : undefined;
}

/** Goes to the next line with content. */
function advance(cursor: Cursor): void {
  const { text, lineStarts } = cursor.source;
  for (cursor.line++; cursor.line < lineStarts.length; cursor.line++) {
    const lineStart = firstOf(cursor.source, cursor.line);
    let end = (lineStarts[cursor.line + 1] ?? text.length + 1) - 1;
    if (end > lineStart && end < text.length && text.charCodeAt(end - 1) === 0x0d) end--;
    let start = lineStart;
    while (start < end && text.charCodeAt(start) === 0x20) start++;
    if (start === end || text.charCodeAt(start) === 0x23) continue;
    cursor.start = start;
    cursor.end = end;
    cursor.indent = start - lineStart;
    return;
  }
  cursor.indent = -1;
}

function isAtEnd(cursor: Cursor): boolean {
  return cursor.indent === -1;
}

function firstOf(source: SourceText, line: number): number {
  const start = source.lineStarts[line] ?? 0;
  return start === 0 && source.text.charCodeAt(0) === 0xfeff ? 1 : start;
}

function readBlock(cursor: Cursor, depth: number): Located | undefined {
  if (depth > maxDepth) return undefined;
  return isItem(cursor) ? readList(cursor, depth) : readMap(cursor, cursor.indent, depth);
}

function isItem({ source, start, end }: Cursor): boolean {
  return (
    source.text.charCodeAt(start) === 0x2d &&
    (start + 1 === end || source.text.charCodeAt(start + 1) === 0x20)
  );
}

function readMap(cursor: Cursor, indent: number, depth: number): Located | undefined {
  const { source, start } = cursor;
  const entries: LocatedEntry[] = [];
  while (cursor.indent === indent && !isItem(cursor)) {
    if (isMarker(cursor)) return undefined;
    const key = readKey(source, cursor.start, cursor.end);
    const value = key && readMapValue(cursor, key.end + 1, depth);
    if (!key || !value) return undefined;
    entries.push({ key, value });
  }
  const last = entries.at(-1);
  if (!last || cursor.indent > indent || hasDuplicates(entries)) return undefined;
  return { kind: 'map', entries, source, start, end: last.value.end };
}

/** `---` and `...` at the beginning of a line end a document. */
function isMarker({ source, start, indent }: Cursor): boolean {
  return indent === 0 && /^(?:---|\.\.\.)/.test(source.text.slice(start, start + 3));
}

function readMapValue(cursor: Cursor, start: number, depth: number): Located | undefined {
  const { source, end, indent } = cursor;
  if (!isLineOver(source.text, start, end)) {
    const value = readInlineValue(source, skipSpaces(source.text, start), end);
    advance(cursor);
    return cursor.indent <= indent ? value : undefined;
  }
  advance(cursor);
  const isNested = cursor.indent > indent || (cursor.indent === indent && isItem(cursor));
  return isNested ? readBlock(cursor, depth + 1) : emptyScalar(source, start);
}

function readList(cursor: Cursor, depth: number): Located | undefined {
  const { source, start, indent } = cursor;
  const items: Located[] = [];
  while (cursor.indent === indent && isItem(cursor)) {
    if (isMarker(cursor)) return undefined;
    const item = readItem(cursor, depth);
    if (!item) return undefined;
    items.push(item);
  }
  const last = items.at(-1);
  return last && cursor.indent <= indent
    ? { kind: 'list', items, source, start, end: last.end }
    : undefined;
}

function readItem(cursor: Cursor, depth: number): Located | undefined {
  const { source, end, indent } = cursor;
  const start = skipSpaces(source.text, cursor.start + 1);
  if (start >= end || depth > maxDepth) return undefined;
  if (readKey(source, start, end)) {
    cursor.indent += start - cursor.start;
    cursor.start = start;
    return isItem(cursor) ? undefined : readMap(cursor, cursor.indent, depth + 1);
  }
  const value = readInlineValue(source, start, end);
  advance(cursor);
  return cursor.indent <= indent ? value : undefined;
}
