import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import junit from '../../src/catalog/formats/junit.ts';
import { LabError } from '../../src/model/lab-error.ts';
import type { Report, ReportCase } from '../../src/model/report.ts';

const schema = join(import.meta.dirname, '..', 'fixtures', 'formats', 'junit.xsd');
const hasXmllint = spawnSync('xmllint', ['--version']).error === undefined;
if (!hasXmllint && process.env['CI'] !== 'true')
  console.warn('SKIPPED: JUnit reports are not validated; install libxml2-utils for xmllint');

const settings = { columns: 80, color: false, lang: 'en' } as const;
const base: Report = {
  schema: 'lab.check/1',
  title: '',
  startedAt: '2026-09-01T00:30:00.000Z',
  finishedAt: '2026-09-01T00:30:02.000Z',
  document: {},
  tables: [],
  records: { columns: [], rows: [] },
};

function validate(xml: string): void {
  execFileSync('xmllint', ['--noout', '--nonet', '--schema', schema, '-'], {
    input: xml,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', ']]>', '<![CDATA[', '\ud800', '\ufffe', '&#0;', '"'),
);
const anyCase: fc.Arbitrary<ReportCase> = fc.record({
  suite: fc.oneof(fc.constantFrom('a01', 'a02', 'a03'), anyText),
  name: anyText,
  status: fc.constantFrom('passed', 'failed', 'error', 'skipped'),
  message: anyText,
  detail: anyText,
  durationMs: fc.double({ min: 0, max: 1e8, noNaN: true }),
});

// In CI a missing xmllint is a failure, elsewhere a skip that was announced above.
describe.skipIf(!hasXmllint && process.env['CI'] !== 'true')('with xmllint', () => {
  test('whatever hosts answered, the report is valid', () => {
    const reports = fc.sample(fc.array(anyCase, { maxLength: 40 }), { numRuns: 40, seed: 7 });
    expect(reports.flat().length).toBeGreaterThan(100);
    for (const cases of reports) validate(junit.write({ ...base, cases }, settings));
  });

  test('the schema refuses what readers refuse', () => {
    const good = junit.write(
      {
        ...base,
        cases: [
          { suite: 'a', name: 'b', status: 'failed', message: '', detail: '', durationMs: 1 },
        ],
      },
      settings,
    );
    validate(good);
    expect(() => validate(good.replace('T00:30:00', 'T00:30:00Z'))).toThrow(/timestamp/);
    expect(() => validate(good.replace(' failures="1"', ''))).toThrow(/failures/);
    expect(() => validate(good.replace(' type="failed"', ''))).toThrow(/type/);
  });
});

test('counts what is in each suite', () => {
  const cases = (['passed', 'failed', 'error', 'error', 'skipped'] as const).map(
    (status, index) => ({
      suite: 'a01',
      name: `c${index}`,
      status,
      message: 'm',
      detail: '',
      durationMs: 500,
    }),
  );
  const xml = junit.write({ ...base, cases }, settings);
  expect(xml).toContain('tests="5" failures="1" errors="2" skipped="1" time="2.500"');
});

test('a report without cases is refused with a way out', () => {
  expect(() => junit.write(base, settings)).toThrow(LabError);
});
