import { displayWidth, padWidth, printableLines } from '../model/display.ts';
import type { Column, ReportTable, Tone } from '../model/report.ts';
import { wrapWidth } from '../model/wrap.ts';
import { joinCells } from './table-join.ts';
import { planWidths } from './table-widths.ts';

/** One line of a drawn table; `part` says what it is, so that a format can colour it. */
export interface TableLine {
  readonly part: 'head' | 'rule' | 'row';
  readonly tone: Tone;
  readonly text: string;
}

type Line = Omit<TableLine, 'text'> & { readonly cells: readonly string[] };

/** Draws a table no wider than so many terminal columns: cells are made printable and wrapped, never cut; a table without rows draws nothing, one without column titles has no head. */
export function layoutTable(table: ReportTable, columns: number): TableLine[] {
  if (table.rows.length === 0) return [];
  const head = table.columns.map(({ title }) => printableLines(title));
  const rows = table.rows.map((row) =>
    table.columns.map((_, index) => printableLines(row[index] ?? '')),
  );
  const hasHead = table.columns.some(({ title }) => title !== '');
  const widths = planWidths(
    table.columns.map((column, index) => ({
      natural: widest([head, ...rows].map((row) => row[index] ?? [])),
      shrinks: column.fixed ? 'never' : column.flexible ? 'first' : 'late',
    })),
    columns,
  );
  const lines: Line[] = rows.flatMap((row, index) => {
    const tone = table.tones?.[index] ?? 'plain';
    return linesOf(row, table.columns, widths).map((cells) => ({ part: 'row', tone, cells }));
  });
  if (hasHead) {
    const rule: Line = {
      part: 'rule',
      tone: 'quiet',
      cells: widths.map((width) => '─'.repeat(width)),
    };
    const titles = linesOf(head, table.columns, widths);
    lines.unshift(...titles.map((cells): Line => ({ part: 'head', tone: 'plain', cells })), rule);
  }
  const texts = joinCells(lines.map(({ cells }) => cells));
  return lines.map(({ part, tone }, index) => ({ part, tone, text: texts[index] ?? '' }));
}

function widest(cells: readonly (readonly string[])[]): number {
  let width = 0;
  for (const lines of cells) for (const line of lines) width = Math.max(width, displayWidth(line));
  return width;
}

/** One row as terminal lines: each cell wrapped and filled to its column's width. */
function linesOf(
  row: readonly (readonly string[])[],
  columns: readonly Column[],
  widths: readonly number[],
): string[][] {
  const wrapped = row.map((lines, index) =>
    lines.flatMap((line) => wrapCell(line, columns[index], widths[index] ?? 0)),
  );
  const height = Math.max(1, ...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    wrapped.map((lines, index) =>
      padWidth(lines[line] ?? '', widths[index] ?? 0, columns[index]?.align),
    ),
  );
}

function wrapCell(line: string, column: Column | undefined, width: number): string[] {
  return column?.fixed ? [line] : wrapWidth(line, width);
}
