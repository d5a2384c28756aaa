import { columnName, type Grid, type GridCell, type GridRow, parseRef } from './grid.ts';
import { showNumber } from './xlsx-number.ts';
import type { NumberStyle } from './xlsx-styles.ts';
import { scanXml, type XmlToken } from './xml-scanner.ts';

/** What the cells of all sheets refer to. */
export interface WorkbookParts {
  readonly strings: readonly string[];
  readonly styles: readonly NumberStyle[];
  /** Days are counted from 1904 instead of 1900. */
  readonly is1904: boolean;
}

type Cells = Map<number, Map<number, GridCell>>;

interface Sheet {
  readonly cells: Cells;
  readonly merges: string[];
  row: number;
  column: number;
}

interface Raw {
  readonly type: string;
  readonly style: number;
  text: string;
}

/** Reads the cells of one sheet (ECMA-376, part 1, 18.3): cached values of formulas, and the value of merged cells in each of them. */
export function readSheet(name: string, xml: string, parts: WorkbookParts): Grid {
  const sheet: Sheet = { cells: new Map(), merges: [], row: 0, column: -1 };
  let raw: Raw | undefined;
  for (const token of scanXml(xml)) {
    if (token.kind === 'open') raw = openElement(sheet, token) ?? raw;
    else if (token.kind === 'text') {
      if (raw && valuePaths.has(token.path)) raw.text += token.text;
    } else if (raw && token.path === cellPath) {
      keep(sheet, raw, parts);
      raw = undefined;
    }
  }
  spreadMerges(sheet);
  return { name, rows: rowsOf(sheet.cells) };
}

const rowPath = 'worksheet/sheetData/row';
const cellPath = `${rowPath}/c`;
/** A cell's value, or its text where it stands in the sheet itself; the reading of Chinese characters (`rPh`) is not part of it. */
const valuePaths: ReadonlySet<string> = new Set([
  `${cellPath}/v`,
  `${cellPath}/is/t`,
  `${cellPath}/is/r/t`,
]);

function openElement(
  sheet: Sheet,
  { path, attributes }: Extract<XmlToken, { kind: 'open' }>,
): Raw | undefined {
  if (path === 'worksheet/mergeCells/mergeCell') sheet.merges.push(attributes.get('ref') ?? '');
  if (path === rowPath) {
    const written = Number(attributes.get('r'));
    sheet.row = Number.isInteger(written) && written > 0 ? written : sheet.row + 1;
    sheet.column = -1;
  }
  if (path !== cellPath) return undefined;
  const place = parseRef(attributes.get('r') ?? '');
  sheet.column = place?.column ?? sheet.column + 1;
  sheet.row = place?.row ?? sheet.row;
  return { type: attributes.get('t') ?? 'n', style: Number(attributes.get('s') ?? 0), text: '' };
}

function keep(sheet: Sheet, raw: Raw, parts: WorkbookParts): void {
  const read = readCell(raw, parts);
  if (read.text === '') return;
  const row = sheet.cells.get(sheet.row) ?? new Map<number, GridCell>();
  row.set(sheet.column, { ...read, note: '', ref: `${columnName(sheet.column)}${sheet.row}` });
  sheet.cells.set(sheet.row, row);
}

function readCell(
  { type, style, text: stored }: Raw,
  { strings, styles, is1904 }: WorkbookParts,
): Pick<GridCell, 'text' | 'damage' | 'type'> {
  const cell = (text: string, damage = ''): ReturnType<typeof readCell> => ({
    text: unescapeOffice(text),
    damage,
    type: 'text',
  });
  if (type === 's') return cell(strings[Number(stored)] ?? '');
  if (type === 'inlineStr' || type === 'str') return cell(stored);
  if (type === 'b') return cell(stored === '1' ? 'TRUE' : 'FALSE');
  if (type === 'e') return cell(stored, 'it is an error of a formula');
  if (type === 'd') return cell(stored, 'the spreadsheet made a date of it');
  const plain = styles[style] ?? { isDate: false, digits: 0 };
  const shown = showNumber(stored, plain, is1904);
  // A format such as 000000 shows the zeros that were meant.
  return { ...shown, type: plain.digits > 0 && shown.damage === '' ? 'text' : 'number' };
}

/** Office programs write what XML cannot hold as `_x000D_` (ECMA-376, part 1, 22.4.2.4). */
export function unescapeOffice(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function spreadMerges({ cells, merges }: Sheet): void {
  for (const ref of merges) {
    const [first, last] = ref.split(':').map(parseRef);
    const cell = first && cells.get(first.row)?.get(first.column);
    if (!first || !last || !cell) continue;
    // Only rows that have something, and no endless columns: a merge over the whole sheet must not make a million cells.
    const width = Math.min(last.column, 255) - first.column + 1;
    for (const [number, row] of cells)
      if (number >= first.row && number <= last.row) spread(row, number, { cell, first, width });
  }
}

function spread(
  row: Map<number, GridCell>,
  number: number,
  merge: { cell: GridCell; first: { row: number; column: number }; width: number },
): void {
  const { cell, first, width } = merge;
  for (let column = first.column; column < first.column + width; column += 1) {
    if (number === first.row && column === first.column) continue;
    const ref = `${columnName(column)}${number}`;
    row.set(column, { ...cell, ref, note: `merged with ${cell.ref}` });
  }
}

function rowsOf(cells: Cells): GridRow[] {
  return [...cells]
    .map(([number, row]) => ({ number, cells: row }))
    .sort((a, b) => a.number - b.number);
}
