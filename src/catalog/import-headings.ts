import { foldWidth, tidyText } from '../model/tidy-text.ts';
import type { Grid, GridRow } from './grid.ts';
import { ignoredHeadings, type RegisterColumn, registerColumns } from './register-columns.ts';

/** A column of a sheet that the register knows. */
export interface MappedColumn {
  readonly index: number;
  readonly column: RegisterColumn;
  readonly heading: string;
}

/** The row of headings, what its columns are, and headings nobody knows. */
export interface Headings {
  readonly row: number;
  readonly columns: readonly MappedColumn[];
  readonly unknown: readonly { readonly ref: string; readonly heading: string }[];
}

/** Titles, filing numbers and a table of contents may stand above the headings. */
const searchedRows = 40;

/** Finds the row of headings: of the first rows the one that names most of the register's columns, and at least two. Undefined when there is none. */
export function findHeadings(grid: Grid): Headings | undefined {
  let best: Headings | undefined;
  for (const row of grid.rows.slice(0, searchedRows)) {
    const found = mapRow(row);
    if (fieldCount(found) > Math.max(1, best ? fieldCount(best) : 0)) best = found;
  }
  return best;
}

function fieldCount({ columns }: Headings): number {
  return new Set(columns.map(({ column }) => column.field)).size;
}

function mapRow(row: GridRow): Headings {
  const columns: MappedColumn[] = [];
  const unknown: { ref: string; heading: string }[] = [];
  for (const [index, { text, ref }] of row.cells) {
    const heading = tidyText(text).replaceAll('\n', ' ');
    const column = columnFor(heading);
    if (column) columns.push({ index, column, heading });
    else if (heading !== '' && !ignoredHeadings.has(normaliseHeading(heading)))
      unknown.push({ ref, heading });
  }
  return { row: row.number, columns, unknown };
}

/** Whether a row only repeats the headings, as sheets do on every printed page. */
export function repeatsHeadings(row: GridRow, { columns }: Headings): boolean {
  const filled = columns.filter(({ index }) => row.cells.has(index));
  return (
    filled.length >= 2 &&
    filled.every(({ index, column }) => columnFor(row.cells.get(index)?.text ?? '') === column)
  );
}

const byHeading: ReadonlyMap<string, RegisterColumn> = new Map(
  registerColumns.flatMap((column) =>
    [column.field, column.titles.en, column.titles['zh-CN'], ...column.aliases].map(
      (heading) => [normaliseHeading(heading), column] as const,
    ),
  ),
);

function columnFor(heading: string): RegisterColumn | undefined {
  if (heading.length > 40) return undefined;
  return byHeading.get(normaliseHeading(heading)) ?? byHeading.get(normaliseHeading(heading, true));
}

/** Reduces a heading to what it says: no blanks, brackets, stars and colons, half-width, lower case. */
export function normaliseHeading(heading: string, withBrackets = false): string {
  const flat = foldWidth(heading).normalize('NFC').toLowerCase();
  const bare = withBrackets
    ? flat
    : flat.replaceAll(/\([^)]*\)|\[[^\]]*\]|【[^】]*】|〔[^〕]*〕/g, '');
  return bare.replaceAll(/[\s()[\]【】〔〕*:_.#\-\u200b\ufeff]/g, '');
}
