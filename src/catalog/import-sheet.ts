import type { ImportCell, ImportField, ImportRow } from '../model/import.ts';
import type { Problem } from '../model/problem.ts';
import { tidyText } from '../model/tidy-text.ts';
import type { Grid, GridCell, GridRow } from './grid.ts';
import { readCell } from './import-cell.ts';
import {
  findHeadings,
  type Headings,
  type MappedColumn,
  repeatsHeadings,
} from './import-headings.ts';
import { isDitto } from './register-words.ts';

/** What came out of a sheet. */
export interface ReadSheetRows {
  readonly rows: readonly ImportRow[];
  readonly problems: readonly Problem[];
}

/** Reads the PCs of a sheet: finds the headings, then takes every row below that says something. Columns nobody knows are told once, as warnings. */
export function readPeopleSheet(grid: Grid, file: string): ReadSheetRows {
  const headings = findHeadings(grid);
  if (!headings) return { rows: [], problems: [noHeadings(file)] };
  const above = new Map<ImportField, ImportCell>();
  const rows = grid.rows
    .filter((row) => row.number > headings.row && !repeatsHeadings(row, headings))
    .flatMap((row) => readRow(row, headings, above, file) ?? []);
  const problems = headings.unknown.map(({ ref, heading }) => unknownHeading(file, ref, heading));
  if (rows.length === 0) problems.push(noRows(file, headings.row));
  return { rows, problems };
}

interface RowDraft {
  readonly fields: Map<ImportField, ImportCell>;
  refused: ImportRow['refused'];
}

function readRow(
  row: GridRow,
  { columns }: Headings,
  above: Map<ImportField, ImportCell>,
  file: string,
): ImportRow | undefined {
  const draft: RowDraft = { fields: new Map(), refused: undefined };
  for (const mapped of columns) {
    const cell = row.cells.get(mapped.index);
    if (cell && tidyText(cell.text) !== '') readInto(draft, mapped, cell, above);
  }
  const { fields, refused } = draft;
  for (const [field, cell] of fields) above.set(field, cell);
  if (fields.size === 0 && !refused) return undefined;
  const kept = Object.fromEntries([...fields].filter(([, { text }]) => text !== ''));
  return { file, row: row.number, fields: kept, ...(refused ? { refused } : {}) };
}

function readInto(
  draft: RowDraft,
  { column, heading }: MappedColumn,
  cell: GridCell,
  above: ReadonlyMap<ImportField, ImportCell>,
): void {
  const { field } = column;
  const before = draft.fields.get(field);
  if (isDitto(tidyText(cell.text))) {
    const same = above.get(field);
    if (column.isOwn || !same)
      draft.refused ??= {
        cell: cell.ref,
        reason: `"${cell.text.trim()}" stands where ${same ? 'every PC has its own value' : 'nothing is above'}`,
        hint: 'write the value out',
      };
    else draft.fields.set(field, { text: same.text, cell: cell.ref, note: `as in ${same.cell}` });
    return;
  }
  const read = readCell(cell, column, heading);
  if ('problem' in read) {
    draft.refused ??= { cell: cell.ref, reason: read.problem, hint: read.hint };
    return;
  }
  if (before && read.text === '') return;
  const now = { text: read.text, cell: cell.ref, note: read.note };
  draft.fields.set(field, before && before.text !== '' ? joined(field, before, now) : now);
}

/** How two columns of one field make one value: a switch and its port, a maker and a model, a wired and a wireless address. */
const joiners: ReadonlyMap<ImportField, string> = new Map([
  ['mac', '\n'],
  ['switch_port', ' '],
  ['model', ' '],
]);

function joined(field: ImportField, before: ImportCell, now: ImportCell): ImportCell {
  const joiner = joiners.get(field);
  if (joiner === undefined || before.text === now.text) return before;
  const note = [before.note, now.note].filter((each) => each !== '').join('; ');
  return { text: `${before.text}${joiner}${now.text}`, cell: before.cell, note };
}

function noHeadings(file: string): Problem {
  return problem(file, 1, 'no-headings', 'no row of headings was found', {
    hint: 'name the columns in one row, such as 计算机名 MAC地址 IP地址 责任人, or: name mac ip owner',
  });
}

function noRows(file: string, row: number): Problem {
  return problem(file, row, 'no-rows', 'there is nothing below the headings', {
    hint: 'is it the right sheet? --sheet NAME chooses another',
  });
}

function unknownHeading(file: string, ref: string, heading: string): Problem {
  const row = Number(ref.replaceAll(/\D/g, ''));
  return problem(file, row, 'unknown-heading', `the column "${heading}" is not read`, {
    hint: 'if it is needed, name it as in docs/import.md',
    severity: 'warning',
    path: ref,
  });
}

function problem(
  file: string,
  line: number,
  rule: string,
  message: string,
  more: Pick<Problem, 'hint'> & Partial<Problem>,
): Problem {
  return { severity: 'error', path: '', file, line, column: 1, rule, message, ...more };
}

/** A file that could not be read at all, as a problem. */
export function unreadable(file: string, message: string, hint: string): ReadSheetRows {
  return { rows: [], problems: [problem(file, 1, 'unreadable', message, { hint })] };
}
