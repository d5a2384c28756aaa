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
      sheetOf(table, table.title || (index === 0 ? report.title : '')),
    );
    return renderWorkbook(sheets.length > 0 ? sheets : [{ name: '', headings: [], rows: [] }]);
  },
});

function sheetOf({ columns, rows, notes }: ReportTable, name: string): SheetToWrite {
  const below = notes.filter((note) => note !== '').map((note) => [printable(note)]);
  const cells = rows.map((row) =>
    columns.map((_, index) => printableLines(row[index] ?? '').join('\n')),
  );
  return {
    name,
    headings: columns.map(({ title }) => printable(title)),
    rows: [...cells, ...(below.length > 0 && cells.length > 0 ? [[]] : []), ...below],
  };
}
