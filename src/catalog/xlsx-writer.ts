import { zipSync } from 'fflate';
import { displayWidth } from '../model/display.ts';
import { columnName } from './grid.ts';
import { escapeXml, workbookFiles } from './xlsx-parts.ts';

/** A sheet to write: every cell is a text. Lines above the headings and below the rows run across the columns. */
export interface SheetToWrite {
  readonly name: string;
  /** The first one is a title. */
  readonly above?: readonly string[];
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly below?: readonly string[];
}

/** Widths in characters; Excel itself allows up to 255. */
const minWidth = 6;
const maxWidth = 60;
/** Heights in points; Excel itself allows up to 409. */
const rowHeight = 15;
const maxHeight = 405;
/** About what fits on A4 upright; a wider sheet is printed lying. */
const uprightWidth = 90;
/** The limit of a cell in every version of Excel. */
const maxCellLength = 32_767;
/** Makes a workbook (.xlsx, ECMA-376) of texts: number format "@", so that nothing becomes a number, date or formula; headings bold and frozen; columns as wide as their texts. */
export function renderWorkbook(sheets: readonly SheetToWrite[]): Uint8Array {
  const names = uniqueNames(sheets.map(({ name }) => name));
  const outlines = sheets.map(({ above = [] }, index) => ({
    name: names[index] ?? '',
    headingRow: above.length + 1,
  }));
  const files = new Map(workbookFiles(outlines));
  for (const [index, sheet] of sheets.entries())
    files.set(`xl/worksheets/sheet${index + 1}.xml`, renderSheet(sheet));
  const encoder = new TextEncoder();
  const entries = [...files].map(([path, text]) => [path, encoder.encode(text)] as const);
  // Local time is what the archive keeps: the same sheets give the same bytes at any time and in any zone.
  const mtime = new Date(1980, 0, 1, 12);
  return zipSync(Object.fromEntries(entries), { level: 6, mtime });
}

function renderSheet({ above = [], headings, rows, below = [] }: SheetToWrite): string {
  const widths = headings.map((heading, column) =>
    widthOf([heading, ...rows.map((row) => row[column] ?? '')]),
  );
  const columns = widths.map(
    (width, index) =>
      `<col min="${index + 1}" max="${index + 1}" width="${width}" style="1" customWidth="1"/>`,
  );
  const headingRow = above.length + 1;
  const belowRow = headingRow + rows.length + (rows.length > 0 ? 2 : 1);
  const lines = [
    ...above.map((line, index) => renderRow([line], index + 1, index === 0 ? 2 : 3)),
    renderRow(headings, headingRow, 2),
    ...rows.map((row, index) => renderRow(row, headingRow + 1 + index, 1)),
    ...below.map((line, index) => renderRow([line], belowRow + index, 3)),
  ];
  const cols = columns.length === 0 ? '' : `<cols>${columns.join('')}</cols>`;
  const isUpright = widths.reduce((sum, width) => sum + width, 0) <= uprightWidth;
  return [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">',
    '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>',
    `<sheetViews><sheetView workbookViewId="0"><pane ySplit="${headingRow}" topLeftCell="A${headingRow + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`,
    `<sheetFormatPr defaultRowHeight="${rowHeight}"/>${cols}<sheetData>`,
    ...lines,
    '</sheetData><pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>',
    // As wide as the paper (9 is A4, 18.18.50), as many pages as it takes.
    `<pageSetup paperSize="9" orientation="${isUpright ? 'portrait' : 'landscape'}" fitToWidth="1" fitToHeight="0"/>`,
    '</worksheet>',
  ].join('');
}

function widthOf(texts: readonly string[]): number {
  const lines = texts.flatMap((text) => text.split('\n'));
  const widest = lines.reduce((width, line) => Math.max(width, displayWidth(line)), 0);
  return Math.min(maxWidth, Math.max(minWidth, widest + 2));
}

function renderRow(texts: readonly string[], row: number, style: number): string {
  const cells = texts.map((text, column) => {
    const place = `r="${columnName(column)}${row}"`;
    if (text === '') return `<c ${place} s="${style}"/>`;
    const content = escapeXml(fitCell(text));
    return `<c ${place} s="${style}" t="inlineStr"><is><t xml:space="preserve">${content}</t></is></c>`;
  });
  // Not every program makes room for lines by itself.
  const lines = Math.max(1, ...texts.map((text) => text.split('\n').length));
  const height =
    lines === 1 ? '' : ` ht="${Math.min(lines * rowHeight, maxHeight)}" customHeight="1"`;
  return `<row r="${row}"${height}>${cells.join('')}</row>`;
}

/** Only command outputs are that long; the mark shows that there was more. */
function fitCell(text: string): string {
  return text.length <= maxCellLength ? text : `${cut(text, maxCellLength - 1)}…`;
}

/** Excel refuses sheet names over 31 characters, with any of []:*?/\, or twice in different capitals. */
function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((wanted, index) => {
    const plain = wanted
      .replaceAll(/[[\]:*?/\\\p{Cc}]/gu, ' ')
      .replaceAll(/^'+|'+$/g, '')
      .trim();
    const base = cut(plain, 31) || `Sheet${index + 1}`;
    let name = base;
    for (let count = 2; taken.has(name.toLowerCase()); count += 1)
      name = `${cut(base, 31 - String(count).length - 1)} ${count}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

/** Cuts to so many UTF-16 units, which is what Excel counts, and never through a character. */
function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}
