import { zipSync } from 'fflate';
import { displayWidth } from '../model/display.ts';
import { columnName } from './grid.ts';
import { escapeXml, workbookFiles } from './xlsx-parts.ts';

/** A sheet to write: every cell is a text, the first row is the heading. */
export interface SheetToWrite {
  readonly name: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Widths in characters; Excel itself allows up to 255. */
const minWidth = 6;
const maxWidth = 60;
/** The limit of a cell in every version of Excel. */
const maxCellLength = 32_767;
/** The oldest time a zip archive can hold: the same sheets always give the same bytes. */
const zipEpoch = new Date(1980, 0, 1);

/** Makes a workbook (.xlsx, ECMA-376) of texts: number format "@", so that nothing becomes a number, date or formula; headings bold and frozen; columns as wide as their texts. */
export function renderWorkbook(sheets: readonly SheetToWrite[]): Uint8Array {
  const names = uniqueNames(sheets.map(({ name }) => name));
  const files = new Map(workbookFiles(names));
  for (const [index, sheet] of sheets.entries())
    files.set(`xl/worksheets/sheet${index + 1}.xml`, renderSheet(sheet));
  const encoder = new TextEncoder();
  const entries = [...files].map(([path, text]) => [path, encoder.encode(text)] as const);
  return zipSync(Object.fromEntries(entries), { level: 6, mtime: zipEpoch });
}

function renderSheet({ headings, rows }: SheetToWrite): string {
  const widths = headings.map((heading, column) =>
    widthOf([heading, ...rows.map((row) => row[column] ?? '')]),
  );
  const columns = widths.map(
    (width, index) =>
      `<col min="${index + 1}" max="${index + 1}" width="${width}" style="1" customWidth="1"/>`,
  );
  const head = renderRow(headings, 1, 2);
  const body = rows.map((row, index) => renderRow(row, index + 2, 1));
  const cols = columns.length === 0 ? '' : `<cols>${columns.join('')}</cols>`;
  return [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">',
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>',
    `<sheetFormatPr defaultRowHeight="15"/>${cols}<sheetData>`,
    ...[head, ...body],
    '</sheetData></worksheet>',
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
  return `<row r="${row}">${cells.join('')}</row>`;
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
