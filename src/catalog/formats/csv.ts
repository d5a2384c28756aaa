import { escapeHidden, printable } from '../../model/display.ts';
import { defineFormat } from '../../model/report.ts';
import type { Value } from '../../model/value.ts';
import { guardFormula } from '../formula-guard.ts';

export default defineFormat({
  name: 'csv',
  summary:
    'Comma-separated values in UTF-8 for spreadsheets (RFC 4180); texts that a spreadsheet would take for a formula begin with an apostrophe.',
  extension: 'csv',
  write({ records: { columns, rows } }) {
    const lines = [
      columns.map(({ key }) => fieldOf(key)),
      ...rows.map((row) => columns.map(({ key }) => fieldOf(row[key] ?? null))),
    ];
    return lines.map((fields) => `${fields.join(',')}\r\n`).join('');
  },
});

function fieldOf(value: Value): string {
  const text = typeof value === 'string' ? value : textOf(value);
  const guarded = typeof value === 'number' ? text : guardFormula(text);
  const shown = escapeHidden(guarded, (found) =>
    /[\t\r\n]/.test(found) ? found : printable(found),
  );
  return /[",;\t\r\n]|^\s|\s$/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}

function textOf(value: Exclude<Value, string>): string {
  if (value === null) return '';
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object'))
    return value.join(' ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
