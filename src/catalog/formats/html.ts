import { printable, printableLines } from '../../model/display.ts';
import { defineFormat, type Report, type ReportTable } from '../../model/report.ts';
import { pageStyle, pageStyleHash } from '../html-style.ts';

/** Columns that fit on a page that stands upright. */
const mostUpright = 8;

export default defineFormat({
  name: 'html',
  summary: 'One page for a browser or a printer, which needs no other file and runs no script.',
  extension: 'html',
  write(report, { lang }) {
    const isWide = report.tables.some(({ columns }) => columns.length > mostUpright);
    const title = inert(printable(report.title === '' ? 'Labkit' : report.title));
    const policy = `default-src 'none'; style-src 'sha256-${pageStyleHash}'; base-uri 'none'; form-action 'none'`;
    return [
      '<!DOCTYPE html>',
      `<html lang="${lang}">`,
      '<head>',
      '<meta charset="utf-8">',
      `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
      '<meta name="viewport" content="width=device-width, initial-scale=1">',
      '<meta name="robots" content="noindex">',
      `<title>${title}</title>`,
      `<style>${pageStyle}</style>`,
      '</head>',
      isWide ? '<body class="wide">' : '<body>',
      ...(report.title === '' ? [] : [`<h1>${title}</h1>`]),
      ...report.tables.flatMap(renderTable),
      `<footer>${footerOf(report)}</footer>`,
      '</body>',
      '</html>',
      '',
    ].join('\n');
  },
});

function footerOf({ document, finishedAt }: Report): string {
  const { run } = document;
  const named = typeof run === 'string' ? [`lab runs show ${run}`] : ['Labkit'];
  return [...named, finishedAt].map((part) => inert(printable(part))).join(' · ');
}

function renderTable(table: ReportTable): string[] {
  const title = table.title === '' ? [] : [`<h2>${inert(printable(table.title))}</h2>`];
  const above = (table.above ?? []).flatMap(renderNote);
  const rows = table.rows.length === 0 ? [] : renderRows(table);
  return [...title, ...above, ...rows, ...table.notes.flatMap(renderNote)];
}

function renderNote(note: string): string[] {
  return note === '' ? [] : [`<p class="note">${inert(printable(note))}</p>`];
}

function renderRows({ columns, rows, tones }: ReportTable): string[] {
  const isWide = columns.length > mostUpright;
  const classes = columns.map((column) => classOf(column, isWide));
  const head = columns.map(({ title }, at) => `<th scope="col"${classes[at]}>${cell(title)}</th>`);
  const body = rows.map((row, index) => {
    const cells = columns.map((_, at) => `<td${classes[at]}>${cell(row[at] ?? '')}</td>`);
    const tone = tones?.[index] ?? 'plain';
    return `<tr${tone === 'plain' ? '' : ` class="${tone}"`}>${cells.join('')}</tr>`;
  });
  const hasHead = columns.some(({ title }) => title !== '');
  return [
    '<table>',
    ...(hasHead ? [`<thead><tr>${head.join('')}</tr></thead>`] : []),
    '<tbody>',
    ...body,
    '</tbody>',
    '</table>',
  ];
}

function classOf(
  { align, fixed, flexible }: ReportTable['columns'][number],
  isWide: boolean,
): string {
  const names = [
    align === 'right' ? 'right' : '',
    fixed === true ? 'fixed' : '',
    // Where space is scarce, addresses and dates stay whole and other texts give way.
    isWide && flexible !== true ? 'whole' : '',
  ];
  const list = names.filter((name) => name !== '').join(' ');
  return list === '' ? '' : ` class="${list}"`;
}

function cell(text: string): string {
  return printableLines(text).map(inert).join('\n');
}

function inert(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
