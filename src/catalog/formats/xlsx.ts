import { printable, printableLines } from '../../model/display.ts';
import { defineFormat, type ReportTable } from '../../model/report.ts';
import { renderWorkbook, type SheetToWrite } from '../xlsx-writer.ts';

export default defineFormat({
  name: 'xlsx',
  summary:
    'An Excel workbook with a sheet for each table; every cell is a text, so nothing becomes a number or a date.',
  extension: 'xlsx',
  isBinary: true,
  write(report) {
    const sheets = report.tables.map((table, index) =>
      sheetOf(table, index === 0 ? report.title : ''),
    );
    return renderWorkbook(sheets.length > 0 ? sheets : [{ name: '', headings: [], rows: [] }]);
  },
});

function sheetOf({ title, above, columns, rows, notes }: ReportTable, first: string): SheetToWrite {
  return {
    name: title || first,
    ...(above === undefined ? {} : { above: linesOf([first, ...above]) }),
    headings: columns.map((column) => printable(column.title)),
    rows: rows.map((row) => columns.map((_, index) => printableLines(row[index] ?? '').join('\n'))),
    below: linesOf(notes),
  };
}

function linesOf(lines: readonly string[]): string[] {
  return lines.filter((line) => line !== '').map(printable);
}
