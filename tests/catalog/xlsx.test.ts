import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import html from '../../src/catalog/formats/html.ts';
import xlsx from '../../src/catalog/formats/xlsx.ts';
import { pageStyle, pageStyleHash } from '../../src/catalog/html-style.ts';
import { readWorkbook } from '../../src/catalog/xlsx-reader.ts';
import { renderWorkbook } from '../../src/catalog/xlsx-writer.ts';
import { scanXml } from '../../src/catalog/xml-scanner.ts';
import type { FormatSettings, Report } from '../../src/model/report.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'formats');
const read = (...path: string[]) => parse(readFileSync(join(fixtures, ...path), 'utf8'));

function textsOf(bytes: Uint8Array, sheet?: string): string[][] {
  return readWorkbook(bytes, sheet).rows.map(({ cells }) =>
    [...cells.values()].map(({ text }) => text),
  );
}

describe('a report as a workbook', () => {
  it.each(readdirSync(join(fixtures, 'xlsx')))('%s', (file) => {
    const { report, settings, expected } = read('xlsx', file) as {
      report: string;
      settings: FormatSettings;
      expected: { name: string; rows: string[][] }[];
    };
    const bytes = xlsx.write(read('reports', `${report}.yaml`) as Report, settings);
    const names = [
      ...strFromU8(unzipSync(bytes)['xl/workbook.xml'] ?? new Uint8Array()).matchAll(
        /sheet name="([^"]*)"/g,
      ),
    ];
    expect(names.map(([, name]) => name)).toEqual(expected.map(({ name }) => name));
    for (const { name, rows } of expected)
      expect(
        readWorkbook(bytes, name).rows.map(({ cells }) =>
          [...cells.values()].map(({ ref, text }) => `${ref} ${text}`),
        ),
      ).toEqual(rows);
  });
});

describe('the page of a report', () => {
  it('allows its own style, and nothing else', () => {
    expect(pageStyleHash).toBe(createHash('sha256').update(pageStyle).digest('base64'));
    const page = html.write(read('reports', 'room.yaml') as Report, {
      columns: 80,
      color: false,
      lang: 'zh-CN',
    });
    expect(page).toContain(`style-src 'sha256-${pageStyleHash}'`);
    expect(page).toContain('<html lang="zh-CN">');
    expect(page).not.toMatch(/<script|https?:|\son\w+=|\sstyle=|<img|<link/);
  });
});

describe('a workbook', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(
      '007',
      '1e5',
      '=1+1',
      '_x000D_',
      '_x005F_x000D_',
      ' a ',
      '\t',
      'a\nb',
      '㛃䶮',
      '\ufffe',
      '<&>"\'',
    ),
  );

  it('gives back every text that was written, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(anyText, { minLength: 2, maxLength: 2 }), { maxLength: 4 }),
        (rows) => {
          const bytes = renderWorkbook([{ name: '登记', headings: ['a', 'b'], rows }]);
          const expected = [['a', 'b'], ...rows]
            .map((row) => row.filter((text) => text !== ''))
            .filter((row) => row.length > 0);
          expect(textsOf(bytes)).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is the same bytes for the same sheets, at any time and in any time zone', () => {
    const sheets = [{ name: '一', headings: ['甲'], rows: [['1']] }];
    const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    const zone = process.env['TZ'];
    const hashes = ['UTC', 'Asia/Shanghai', 'America/New_York'].map((name) => {
      process.env['TZ'] = name;
      return hash(renderWorkbook(sheets));
    });
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
    expect(new Set(hashes).size).toBe(1);
  });

  it('has sheet names that Excel takes: short, without its signs, each once', () => {
    const names = ['a/b', 'A b', '', '计'.repeat(40), `${'x'.repeat(30)}🙂y`, "'q'"];
    const bytes = renderWorkbook(names.map((name) => ({ name, headings: ['h'], rows: [] })));
    const workbook = strFromU8(unzipSync(bytes)['xl/workbook.xml'] ?? new Uint8Array());
    expect([...workbook.matchAll(/sheet name="([^"]*)"/g)].map(([, name]) => name)).toEqual([
      'a b',
      'A b 2',
      'Sheet3',
      '计'.repeat(31),
      'x'.repeat(30),
      'q',
    ]);
  });
});

describe('what is refused instead of being read', () => {
  const parts = {
    'xl/workbook.xml': '<workbook><sheets><sheet name="s" r:id="r1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="r1" Type="t/worksheet" Target="worksheets/s.xml"/></Relationships>',
    'xl/worksheets/s.xml':
      '<worksheet><sheetData><row><c t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>',
  };
  const zip = (more: Record<string, Uint8Array | string>) =>
    zipSync(
      Object.fromEntries(
        Object.entries({ ...parts, ...more }).map(([path, content]) => [
          path,
          typeof content === 'string' ? strToU8(content) : content,
        ]),
      ),
    );

  it('reads the smallest workbook there is', () => {
    expect(textsOf(zip({}))).toEqual([['x']]);
  });

  it('a workbook that would unpack to more than 256 MiB, before it does', () => {
    const bomb = zip({ 'xl/sharedStrings.xml': new Uint8Array(257 * 1024 * 1024) });
    expect(bomb.length).toBeLessThan(1024 * 1024);
    expect(() => readWorkbook(bomb)).toThrow('more than 256 MiB');
  });

  it('one whose list of contents lies about a size', () => {
    const bomb = zip({ 'xl/worksheets/s.xml': new Uint8Array(64 * 1024 * 1024) });
    const view = new DataView(bomb.buffer, bomb.byteOffset, bomb.byteLength);
    for (let at = 0; at + 46 < bomb.length; at += 1)
      if (view.getUint32(at, true) === 0x02014b50 && view.getUint32(at + 24, true) > 1024 ** 2)
        view.setUint32(at + 24, 100, true);
    expect(() => readWorkbook(bomb)).toThrow(/cannot be read|damaged|no cells/);
  });

  it('one with more than 2000 entries', () => {
    const many = Object.fromEntries(
      Array.from({ length: 2001 }, (_, index) => [`x/${index}`, 'x']),
    );
    expect(() => readWorkbook(zip(many))).toThrow('more than 2000 entries');
  });

  it.each([
    [
      'a document type',
      '<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>',
      'document type',
    ],
    ['an entity of its own', '<worksheet>&b;</worksheet>', 'entity'],
    ['an element that is not closed', '<worksheet><row>', 'not closed'],
    ['an element closed in the wrong place', '<worksheet><a></b></a></worksheet>', 'not open'],
    ['an attribute without quotes', '<worksheet><row r=1></row></worksheet>', 'quotes'],
  ])('XML with %s', (_, xml, reason) => {
    expect(() => readWorkbook(zip({ 'xl/worksheets/s.xml': xml }))).toThrow(reason);
  });

  it('never throws anything but a refusal, whatever XML it gets', () => {
    const piece = fc.constantFrom(
      '<a',
      '>',
      '</a>',
      '&amp;',
      '&#65;',
      '&#x110000;',
      '"',
      "'",
      '=',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?x',
      '?>',
      ' b="c"',
      't',
      '/',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        try {
          for (const _ of scanXml(pieces.join('')));
        } catch (error) {
          expect(error).toMatchObject({ name: 'LabError', kind: 'input' });
        }
      }),
      { numRuns: 3000 },
    );
  });
});
