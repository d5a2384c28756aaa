import type { Position } from '../../model/problem.ts';

/** Where an offset of a template is, when the template begins at a position: exact for files and for plain scalars of one line. */
export function placeIn(source: string, offset: number, at: Position, lineOffset = 0): Position {
  const before = source.slice(0, offset);
  const lines = before.split('\n').length - 1 + lineOffset;
  const column = before.length - before.lastIndexOf('\n') - 1;
  return lines === 0
    ? { file: at.file, line: at.line, column: at.column + column }
    : { file: at.file, line: at.line + lines, column: column + 1 };
}
