import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Format, FormatSettings, Report } from '../../src/model/report.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'formats');
const read = (...path: string[]) => parse(readFileSync(join(fixtures, ...path), 'utf8'));

interface Fixture {
  readonly about: string;
  readonly report: string;
  readonly settings: FormatSettings;
  readonly expected: string;
}

const settings = { columns: 80, color: false, lang: 'en' } as const;
const obeyed = /[^\P{Cc}\t\r\n]|\p{Bidi_Control}|[\u200b\u2028\u2029\ufeff]/gu;
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\x1b]0;x\x07', '\u202e', '\x9b31m', '=1', '|', '<b>'),
);

/** A report with these six texts wherever a text can stand. */
function reportOf(texts: readonly string[]): Report {
  const [a = '', b = '', c = '', d = '', e = '', f = ''] = texts;
  const column = { key: 'k', title: a };
  return {
    schema: 'lab.check/1',
    title: b,
    startedAt: '2026-09-01T00:30:00.000Z',
    finishedAt: '2026-09-01T00:30:00.000Z',
    document: { [a]: b, list: [c, { [d]: e }] },
    tables: [{ title: c, columns: [column], rows: [[d], [e]], above: [b], notes: [f] }],
    records: { columns: [column], rows: [{ k: a }, { k: [b, c] }, { k: { d } }] },
    cases: [
      { suite: a, name: b, status: 'failed', message: c, detail: d, durationMs: 1 },
      { suite: a, name: e, status: 'passed', message: f, detail: d, durationMs: 1 },
    ],
  };
}

const formats = ['csv', 'html', 'json', 'junit', 'markdown', 'ndjson', 'table'];

for (const name of formats) {
  const { default: format } = (await import(`../../src/catalog/formats/${name}.ts`)) as {
    default: Format<string>;
  };
  describe(name, () => {
    const files = readdirSync(join(fixtures, name)).filter((file) => file.endsWith('.yaml'));
    test.each(files)('%s', (file) => {
      const { report, settings, expected } = read(name, file) as Fixture;
      expect(format.write(read('reports', `${report}.yaml`) as Report, settings)).toBe(expected);
    });

    test('sends nothing a terminal would obey', () => {
      const text = format.write(read('reports', 'hostile.yaml') as Report, settings);
      expect(text.length).toBeGreaterThan(20);
      expect(text.match(obeyed)).toBeNull();
    });

    test('sends nothing a terminal would obey, whatever hosts and inventories say', () => {
      fc.assert(
        fc.property(fc.array(anyText, { minLength: 6, maxLength: 6 }), (texts) => {
          expect(format.write(reportOf(texts), settings).match(obeyed)).toBeNull();
        }),
        { numRuns: 500 },
      );
    });
  });
}
