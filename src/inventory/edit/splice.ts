import { LabError } from '../../model/lab-error.ts';

/** A piece of text that takes the place of a half-open range. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Puts all pieces into a text; pieces for one place follow each other in the order given. Throws LabError 'refused' when two overlap. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const sorted = splices
    .map((splice, index) => ({ splice, index }))
    .sort((a, b) => a.splice.start - b.splice.start || a.index - b.index);
  let result = '';
  let at = 0;
  for (const { splice } of sorted) {
    if (splice.start < at)
      throw new LabError(
        'refused',
        'these changes touch the same place of the file',
        'make them one after another',
      );
    result += text.slice(at, splice.start) + splice.text;
    at = splice.end;
  }
  return result + text.slice(at);
}

/** The line break a file uses. */
export function lineBreakOf(text: string): '\n' | '\r\n' {
  const first = text.indexOf('\n');
  return first > 0 && text[first - 1] === '\r' ? '\r\n' : '\n';
}

/** The end of the line that holds an offset, its line break left out. */
export function endOfLine(text: string, offset: number): number {
  const found = text.indexOf('\n', offset);
  const end = found === -1 ? text.length : found;
  return end > offset && text[end - 1] === '\r' ? end - 1 : end;
}

/** The beginning of the line that holds an offset; a byte order mark is not part of a line. */
export function startOfLine(text: string, offset: number): number {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return start === 0 && text.startsWith('\ufeff') ? 1 : start;
}
