import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tableEncodings } from '../../src/catalog/encode-table.ts';
import csvExport from '../../src/catalog/exports/csv.ts';
import xlsxExport from '../../src/catalog/exports/xlsx.ts';
import csvImport from '../../src/catalog/imports/csv.ts';
import xlsxImport from '../../src/catalog/imports/xlsx.ts';
import { planImport } from '../../src/inventory/plan-import.ts';
import { hostClasses, hostStatuses, type Inventory, ownerships } from '../../src/model/host.ts';
import { LabError } from '../../src/model/lab-error.ts';
import { parseYaml } from '../../src/store/yaml.ts';
import { makeFile, resolveTexts } from '../inventory/load-raw.ts';

const odd = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 10 }),
  fc.constantFrom(
    ...[
      '=1+1',
      "'=1",
      '+86',
      '-1',
      '@x',
      '\t=x',
      '1.23E+11',
      '2024/1/1',
      '1月1日',
      '无',
      '-',
      '/',
      'N/A',
      '同上',
      '〃',
      '"',
    ],
    ...[
      '0117',
      '12345678901234500',
      '㛃䶮',
      '𠮷',
      '（东区）',
      'ＡＢ１２',
      'a\nb',
      ' x ',
      '\u00a0x',
      '1,2;3\t4',
      '<b>&"',
      '_x000D_',
      'none',
    ],
  ),
);
const mac = fc
  .array(fc.nat(255), { minLength: 4, maxLength: 4 })
  .map((octets) =>
    ['00', 'e0', ...octets.map((each) => each.toString(16).padStart(2, '0'))].join(':'),
  );
const host = fc.record(
  {
    mac: fc.oneof(
      mac,
      fc.array(fc.record({ addr: mac, role: fc.constantFrom('wired', 'wifi', 'dock', 'bmc') }), {
        minLength: 1,
        maxLength: 3,
      }),
    ),
    ip: fc.nat(250).map((end) => `10.1.1.${end + 1}`),
    ...{ seat: odd, asset: odd, serial: odd, model: odd, switch_port: odd, profile: odd },
    owner: fc.oneof(
      odd,
      fc.record({ name: odd, id: odd, department: odd, phone: odd }, { requiredKeys: [] }),
    ),
    class: fc.constantFrom(...hostClasses),
    status: fc.constantFrom(...hostStatuses),
    ownership: fc.constantFrom(...ownerships),
    vlan: fc.integer({ min: 1, max: 4094 }),
    uuid: fc.uuid(),
  },
  { requiredKeys: [] },
);
const school = fc.record({
  hosts: fc.array(host, { minLength: 1, maxLength: 5 }),
  title: fc.constantFrom('', '机房一', 'lab_b'),
  shared: fc.record(
    {
      owner: fc.constant({ name: '张伟', id: '0117' }),
      class: fc.constant('student'),
      vlan: fc.constant(110),
    },
    { requiredKeys: [] },
  ),
});

// Few texts at random can be written in GBK.
const encodings = tableEncodings.filter((encoding) => encoding !== 'gbk');
const ways = [
  ...encodings.map((encoding) => ({ format: 'csv', encoding }) as const),
  { format: 'xlsx', encoding: 'utf-8' } as const,
].flatMap((way) => [{ ...way, lang: 'zh-CN' } as const, { ...way, lang: 'en' } as const]);

type Way = (typeof ways)[number];

/** The register as a file, or nothing where it holds a character that is refused: one nobody sees, or that the encoding lacks. */
function write({ format, encoding, lang }: Way, inventory: Inventory): Uint8Array | undefined {
  const context = { inventory, at: '2026-09-01T00:00:00.000Z' };
  try {
    const written =
      format === 'csv'
        ? csvExport.write(inventory.hosts, { lang, encoding }, context)
        : xlsxExport.write(inventory.hosts, { lang }, context);
    return typeof written === 'string' ? new TextEncoder().encode(written) : written;
  } catch (error) {
    if (error instanceof LabError && error.kind === 'input') return undefined;
    throw error;
  }
}

describe.each(ways)('the register as $format in $lang ($encoding)', (way) => {
  const reader = way.format === 'csv' ? csvImport : xlsxImport;

  it('imported again changes nothing, whatever stands in it', () => {
    let read = 0;
    fc.assert(
      fc.property(school, ({ hosts, title, shared }) => {
        const named = Object.fromEntries(hosts.map((each, index) => [`a${index + 1}`, each]));
        const lab = { vars: { room: { title }, ...shared }, hosts: named };
        const other = { vars: { room: {} } };
        const text = JSON.stringify({ all: { children: { lab_a: lab, lab_b: other } } });
        const { raw, inventory } = resolveTexts(makeFile(text));
        const bytes = write(way, inventory);
        // Some characters cannot stand in an inventory.
        if (bytes === undefined || inventory.hosts.length === 0) return;
        const { rows, problems } = reader.read({ file: 'x', bytes });
        expect(problems).toEqual([]);
        expect(rows.map(({ refused }) => refused)).toEqual(hosts.map(() => undefined));
        const plan = planImport(rows, { raw, inventory }, parseYaml);
        const done = plan.rows.map(({ action, changes }) => [action, changes]);
        expect(done).toEqual(hosts.map(() => ['none', []]));
        expect(plan.files).toEqual([]);
        read += 1;
      }),
      { numRuns: 200 },
    );
    expect(read).toBeGreaterThan(20);
  });
});
