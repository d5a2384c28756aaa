import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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

const formats = ['csv', 'json', 'junit', 'markdown', 'ndjson', 'table'];

for (const name of formats) {
  const { default: format } = (await import(`../../src/catalog/formats/${name}.ts`)) as {
    default: Format;
  };
  describe(name, () => {
    const files = readdirSync(join(fixtures, name)).filter((file) => file.endsWith('.yaml'));
    test.each(files)('%s', (file) => {
      const { report, settings, expected } = read(name, file) as Fixture;
      expect(format.write(read('reports', `${report}.yaml`) as Report, settings)).toBe(expected);
    });

    test('sends nothing a terminal would obey', () => {
      const text = format.write(read('reports', 'hostile.yaml') as Report, {
        columns: 80,
        color: false,
        lang: 'en',
      });
      const found = text.match(/[^\P{Cc}\t\r\n]|\p{Bidi_Control}|\u200b/gu);
      expect(text.length).toBeGreaterThan(20);
      expect(found).toBeNull();
    });
  });
}
