import { printable, printableLines } from '../../model/display.ts';
import { defineFormat, type ReportTable } from '../../model/report.ts';

export default defineFormat({
  name: 'markdown',
  summary: 'Tables in GitHub-flavoured Markdown, for chats and wikis.',
  extension: 'md',
  write(report) {
    const heading = report.title === '' ? [] : [`# ${inert(printable(report.title))}`];
    return [...heading, ...report.tables.flatMap(blocksOf)].map((block) => `${block}\n`).join('\n');
  },
});

function blocksOf(table: ReportTable): string[] {
  const title = table.title === '' ? [] : [`## ${inert(printable(table.title))}`];
  const rows = table.rows.length === 0 ? [] : [tableOf(table)];
  const above = (table.above ?? []).map(paragraphOf);
  const notes = table.notes.filter((note) => note !== '').map(paragraphOf);
  return rows.length + notes.length === 0 ? [] : [...title, ...above, ...rows, ...notes];
}

function paragraphOf(line: string): string {
  return inert(printable(line)).replace(/^([#+\-=]|\d+[.)])/, '\\$1');
}

function tableOf({ columns, rows }: ReportTable): string {
  const head = columns.map(({ title }) => cellOf(title));
  const rule = columns.map(({ align }) => (align === 'right' ? '---:' : '---'));
  const body = rows.map((row) => columns.map((_, index) => cellOf(row[index] ?? '')));
  return [head, rule, ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cellOf(text: string): string {
  return printableLines(text).map(inert).join('<br>');
}

// Characters that mean something inside a line (GFM 0.29, section 6); `_` only does at the edge of a word.
function inert(text: string): string {
  return text
    .replace(/[\\`*[\]~|]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
