import type { Position } from './problem.ts';

/** One text file as read: `lineStarts` holds the offset (UTF-16 units) of each line's first character. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  readonly lineStarts: readonly number[];
}

/** A YAML value that still knows what was typed and where; offsets are half-open ranges into the source text. */
export type Located = LocatedScalar | LocatedMap | LocatedList;

/** A scalar: `text` is its content exactly as typed (quotes and escapes resolved, nothing converted). */
export interface LocatedScalar {
  readonly kind: 'scalar';
  readonly text: string;
  /** Plain scalars are typed by YAML rules; all others are strings. */
  readonly plain: boolean;
  readonly tag?: string;
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}

/** A mapping in written order; keys are unique (duplicates are reported by the parser and the last wins). */
export interface LocatedMap {
  readonly kind: 'map';
  readonly entries: readonly LocatedEntry[];
  readonly tag?: string;
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}

/** One `key: value` of a mapping. */
export interface LocatedEntry {
  readonly key: LocatedScalar;
  readonly value: Located;
}

/** A sequence. */
export interface LocatedList {
  readonly kind: 'list';
  readonly items: readonly Located[];
  readonly tag?: string;
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}

/** Makes a source text, finding its lines once so that positions are cheap later. */
export function makeSource(file: string, text: string): SourceText {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1))
    lineStarts.push(at + 1);
  return { file, text, lineStarts };
}

/** Where an offset is, as a person counts; columns count UTF-16 units from 1. */
export function positionAt(source: SourceText, offset: number): Position {
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((source.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { file: source.file, line: low + 1, column: offset - (source.lineStarts[low] ?? 0) + 1 };
}

/** Where a value begins. */
export function positionOf(node: Located): Position {
  return positionAt(node.source, node.start);
}

/** The value under a key of a mapping, or undefined. */
export function entryOf(node: Located | undefined, key: string): LocatedEntry | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key.text === key) : undefined;
}
