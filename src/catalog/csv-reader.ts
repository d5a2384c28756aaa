import { columnName, type Grid, type GridCell, type GridRow } from './grid.ts';

/** The separators that spreadsheets write. */
export const separators = [',', ';', '\t'] as const;
export type Separator = (typeof separators)[number];

interface Field {
  readonly text: string;
  readonly isQuoted: boolean;
}

/** Reads a table of separated values as RFC 4180 has it, and what programs make of it: any line break, quotes within a field, a first line `sep=;`. A quote that is never closed ends with the text. Rows are counted as a spreadsheet does. */
export function parseCsv(
  text: string,
  separator: Separator,
  limit = Number.POSITIVE_INFINITY,
): Grid {
  const rows: GridRow[] = [];
  const hint = /^sep=.(?:\r\n|\r|\n)/.exec(text)?.[0] ?? '';
  let number = hint === '' ? 0 : 1;
  let at = hint.length;
  while (at < text.length && rows.length < limit) {
    const record = readRecord(text, at, separator);
    at = record.end;
    number += 1;
    const cells = new Map<number, GridCell>();
    for (const [column, field] of record.fields.entries())
      if (field.text !== '') cells.set(column, cellOf(field, `${columnName(column)}${number}`));
    if (cells.size > 0) rows.push({ number, cells });
  }
  return { name: '', rows };
}

/** Only programs that mean a text put plain digits into quotes. */
function cellOf({ text, isQuoted }: Field, ref: string): GridCell {
  return { text, ref, note: '', damage: '', type: isQuoted ? 'text' : 'bare' };
}

function readRecord(
  text: string,
  start: number,
  separator: Separator,
): { fields: Field[]; end: number } {
  const fields: Field[] = [];
  let at = start;
  for (;;) {
    const { field, end } = readField(text, at, separator);
    fields.push(field);
    if (text.charAt(end) !== separator) {
      const isPair = text.startsWith('\r\n', end);
      return { fields, end: end + (isPair ? 2 : 1) };
    }
    at = end + 1;
  }
}

function readField(
  text: string,
  start: number,
  separator: Separator,
): { field: Field; end: number } {
  if (text.charAt(start) !== '"') {
    const end = fieldEnd(text, start, separator);
    return { field: { text: text.slice(start, end), isQuoted: false }, end };
  }
  let content = '';
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote === -1)
      return { field: { text: content + text.slice(at), isQuoted: true }, end: text.length };
    content += text.slice(at, quote);
    at = quote + 1;
    if (text.charAt(at) !== '"') break;
    content += '"';
    at += 1;
  }
  const end = fieldEnd(text, at, separator);
  return { field: { text: content + text.slice(at, end), isQuoted: true }, end };
}

function fieldEnd(text: string, start: number, separator: Separator): number {
  let at = start;
  while (at < text.length) {
    const letter = text.charAt(at);
    if (letter === separator || letter === '\r' || letter === '\n') break;
    at += 1;
  }
  return at;
}
