import fc from 'fast-check';
import { expect, test } from 'vitest';
import csv from '../../src/catalog/formats/csv.ts';
import { printable } from '../../src/model/display.ts';
import type { Value } from '../../src/model/value.ts';

/** Reads RFC 4180 the plain way: quotes, doubled quotes, CRLF between records. */
function parseCsv(text: string): string[][] {
  const records = text.match(/(?:"(?:[^"]|"")*"|[^",\r\n]*)(?:,|\r\n)/g) ?? [];
  const rows: string[][] = [[]];
  for (const field of records) {
    const body = field.replace(/(,|\r\n)$/, '');
    rows.at(-1)?.push(body.startsWith('"') ? body.slice(1, -1).replaceAll('""', '"') : body);
    if (field.endsWith('\r\n')) rows.push([]);
  }
  return rows.slice(0, -1);
}

function writeField(value: Value): string | undefined {
  const report = {
    schema: '',
    title: '',
    startedAt: '',
    finishedAt: '',
    document: {},
    tables: [],
    records: { columns: [{ key: 'k', title: 'k' }], rows: [{ k: value }] },
  };
  return parseCsv(csv.write(report, { columns: 80, color: false, lang: 'en' }))[1]?.[0];
}

const isShownWhole = (each: string): boolean => printable(each) === each;
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc
    .array(fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', '\n', '"', ',', 'x', '王', '＝'), {
      maxLength: 8,
    })
    .map((parts) => parts.join('')),
);

test('no text begins like a formula, and taking one apostrophe off gives every guarded text back', () => {
  fc.assert(
    fc.property(
      text.filter((each) => isShownWhole(each.replace(/[\t\r\n]/g, ''))),
      (written) => {
        const field = writeField(written) ?? '';
        expect(field).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
        const guarded = /^'+[=+\-@\t\r\n＝＋－＠]/.test(field);
        expect(guarded ? field.slice(1) : field).toBe(written);
      },
    ),
    { numRuns: 3000 },
  );
});

test('numbers keep their sign, lists become words, nothing becomes nothing', () => {
  expect(writeField(-5)).toBe('-5');
  expect(writeField(['a', 2])).toBe('a 2');
  expect(writeField(null)).toBe('');
  expect(writeField(true)).toBe('true');
  expect(writeField('0123')).toBe('0123');
});
