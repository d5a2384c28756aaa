import fc from 'fast-check';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { Owner } from '../../src/model/host.ts';
import type { RegistrySheet, SheetRow } from '../../src/model/registry-sheet.ts';
import type { Format, Report } from '../../src/model/report.ts';
import { maskSheet } from '../../src/registry/masks.ts';
import { reportRegistry } from '../../src/report/registry-report.ts';

const owner: Owner = { name: '张伟', id: '0117', department: '教务处', phone: '13800138000' };

function makeRow(more: Partial<SheetRow> = {}): SheetRow {
  return {
    host: 'a01',
    room: 'lab_a',
    roomTitle: '计算机室一',
    seat: 'A1',
    owner,
    macs: [
      { addr: '00:e0:4c:01:00:01', role: 'wired', primary: true },
      { addr: '00:e0:4c:01:01:01', role: 'wifi', primary: false },
    ],
    ip: '10.1.1.1',
    switchPort: 'sw1 GE1/0/1',
    vlan: '110',
    status: 'active',
    since: '2025-01-02T12:00:00.000Z',
    lastConfirmed: '2026-03-04T12:00:00.000Z',
    lastSeen: '2026-08-31T12:00:00.000Z',
    remarks: [],
    missing: [],
    ...more,
  };
}

function makeSheet(rows: readonly SheetRow[], more: Partial<RegistrySheet> = {}): RegistrySheet {
  return {
    head: { unit: '第一中学', filingNumbers: ['鲁ICP备1号', '2号'], citation: '公安部令第82号' },
    at: '2026-09-01T12:00:00.000Z',
    madeBy: 'li@office-7',
    isPublic: false,
    confirmDays: 365,
    unseenDays: 30,
    isAnySeen: true,
    knownFrom: '2024-09-01T12:00:00.000Z',
    rows,
    retired: 0,
    ...more,
  };
}

const tableOf = (report: Report) => report.tables[0];
const remarkOf = (row: Partial<SheetRow>, lang: 'en' | 'zh-CN' = 'en') =>
  tableOf(reportRegistry(makeSheet([makeRow(row)]), lang))?.rows[0]?.at(-1);

describe('the inspectors’ sheet', () => {
  it('has their columns in their order, in both languages', () => {
    const titles = (lang: 'en' | 'zh-CN') =>
      tableOf(reportRegistry(makeSheet([makeRow()]), lang))?.columns.map(({ title }) => title);
    expect(titles('zh-CN')).toEqual([
      ...['序号', '机房', '座位号', '计算机名', '责任人', '工号', '部门', '电话', 'MAC', 'IP'],
      ...['交换机端口', 'VLAN', '登记日期', '最近确认', '备注'],
    ]);
    expect(titles('en')).toEqual([
      ...['no.', 'room', 'seat', 'computer', 'owner', 'staff number', 'department', 'phone'],
      ...['MAC', 'IP', 'switch port', 'VLAN', 'registered since', 'last confirmed', 'remark'],
    ]);
  });

  it('tells of each PC where it is, who answers for it, its addresses and its dates', () => {
    expect(tableOf(reportRegistry(makeSheet([makeRow()]), 'zh-CN'))?.rows).toEqual([
      [
        ...['1', '计算机室一', 'A1', 'a01', '张伟', '0117', '教务处', '13800138000'],
        ...['00:e0:4c:01:00:01\n00:e0:4c:01:01:01 (wifi)', '10.1.1.1', 'sw1 GE1/0/1', '110'],
        ...['2025-01-02', '2026-03-04', ''],
      ],
    ]);
  });

  it('walks room by room and seat by seat, and numbers the rows so', () => {
    const seats = ['10', '9', '1'].map((seat) => makeRow({ seat, host: `pc${seat}` }));
    const { document, records } = reportRegistry(makeSheet(seats), 'en');
    expect(records.rows.map(({ number, host }) => [number, host])).toEqual([
      [1, 'pc1'],
      [2, 'pc9'],
      [3, 'pc10'],
    ]);
    expect(document['rows']).toMatchObject([{ number: 1 }, { number: 2 }, { number: 3 }]);
  });

  it('remarks what an inspector would ask about', () => {
    expect(remarkOf({})).toBe('');
    expect(remarkOf({ remarks: ['incomplete'], missing: ['owner', 'ip'] })).toBe('no owner, no IP');
    expect(remarkOf({ remarks: ['overdue'] })).toBe(
      'not confirmed since 2026-03-04 (every 365 days)',
    );
    expect(remarkOf({ remarks: ['overdue'], lastConfirmed: '' })).toContain('since 2025-01-02');
    expect(remarkOf({ remarks: ['unseen'] })).toBe('not seen since 2026-08-31');
    expect(remarkOf({ remarks: ['not-filed', 'never-seen'], status: 'broken' })).toBe(
      'broken; not in the ledger; never seen',
    );
    expect(remarkOf({ remarks: ['incomplete', 'overdue'], missing: ['mac'] }, 'zh-CN')).toBe(
      '缺MAC；自 2026-03-04 起未确认（应每 365 天一次）',
    );
  });

  it('has a head with the filing numbers and the citation, and says that it holds personal data', () => {
    const report = reportRegistry(makeSheet([makeRow()]), 'zh-CN');
    expect(report.title).toBe('第一中学联网计算机实名登记表');
    expect(tableOf(report)?.above).toEqual([
      '备案编号：鲁ICP备1号、2号',
      '依据：公安部令第82号',
      '含个人信息：请妥善保管，打印件用后销毁。',
    ]);
    const bare = makeSheet([], { head: { unit: '', filingNumbers: [], citation: '' } });
    expect(reportRegistry(bare, 'en').title).toBe('Register of networked computers');
    expect(tableOf(reportRegistry(bare, 'en'))?.above).toHaveLength(1);
  });

  it('has a foot with counts, the rules it was judged by, and how it was made', () => {
    const rows = [makeRow(), makeRow({ remarks: ['overdue', 'unseen'] })];
    const notes = tableOf(reportRegistry(makeSheet(rows, { retired: 2 }), 'en'))?.notes ?? [];
    expect(notes[0]).toBe(
      '2 computers, 1 in order, 1 confirmation overdue, 1 not seen lately, 2 retired computers left out.',
    );
    expect(notes[1]).toContain('every 365 days');
    expect(notes.at(-1)).toContain('by li@office-7');
    expect(notes.join()).not.toContain('not yet reached');
    const fresh = reportRegistry(makeSheet([], { isAnySeen: false, knownFrom: '' }), 'en');
    expect(tableOf(fresh)?.notes.join()).toContain('not yet reached');
    expect(tableOf(fresh)?.notes.join()).toContain('The ledger is empty');
  });

  it('drops columns that nobody filled in when it is asked to, never those the law wants', () => {
    const nobody: Owner = { name: '', id: '', department: '', phone: '' };
    const empty = { owner: nobody, macs: [], ip: '', switchPort: '', vlan: '', seat: '' };
    const sheet = makeSheet([makeRow({ ...empty, since: '', lastConfirmed: '' })]);
    const report = reportRegistry(sheet, 'en', { leavesOutEmpty: true });
    expect(tableOf(report)?.columns.map(({ key }) => key)).toEqual([
      ...['number', 'room', 'host', 'owner', 'ownerId', 'mac', 'ip', 'remark'],
    ]);
    expect(tableOf(report)?.rows[0]).toHaveLength(8);
  });

  it('gives scripts a contract: stable words, ISO times, null where nothing is known', () => {
    const rows = [makeRow({ remarks: ['never-seen'], lastSeen: '' })];
    const { schema, document, records } = reportRegistry(makeSheet(rows), 'zh-CN');
    expect(schema).toBe('lab.registry-report/1');
    expect(document).toEqual({
      totals: {
        ...{ hosts: 1, inOrder: 0, incomplete: 0, 'not-filed': 0, overdue: 0 },
        ...{ unseen: 0, 'never-seen': 1, retired: 0 },
      },
      public: false,
      unit: '第一中学',
      filingNumbers: ['鲁ICP备1号', '2号'],
      citation: '公安部令第82号',
      confirmDays: 365,
      unseenDays: 30,
      anySeen: true,
      knownFrom: '2024-09-01T12:00:00.000Z',
      madeBy: 'li@office-7',
      rows: [
        {
          number: 1,
          host: 'a01',
          room: 'lab_a',
          roomTitle: '计算机室一',
          seat: 'A1',
          owner,
          macs: [
            { addr: '00:e0:4c:01:00:01', role: 'wired', primary: true },
            { addr: '00:e0:4c:01:01:01', role: 'wifi', primary: false },
          ],
          ip: '10.1.1.1',
          switchPort: 'sw1 GE1/0/1',
          vlan: '110',
          status: 'active',
          since: '2025-01-02T12:00:00.000Z',
          lastConfirmed: '2026-03-04T12:00:00.000Z',
          lastSeen: null,
          remarks: ['never-seen'],
          missing: [],
        },
      ],
    });
    expect(records.rows[0]).toMatchObject({ owner: '张伟', ownerId: '0117', lastSeen: null });
    const names = records.columns.map(({ key }) => key);
    expect(Object.keys(records.rows[0] ?? {}).sort()).toEqual(names.sort());
  });
});

const formats = await Promise.all(
  ['csv', 'html', 'json', 'markdown', 'ndjson', 'table', 'xlsx'].map(async (name) => {
    const module = await import(`../../src/catalog/formats/${name}.ts`);
    return module.default as Format;
  }),
);

/** All that a file in this format says; a workbook is unpacked. */
function readOutput(format: Format, report: Report): string {
  const columns = Number.POSITIVE_INFINITY;
  const output = format.write(report, { columns, color: false, lang: 'zh-CN' });
  if (typeof output === 'string') return output;
  return Object.values(unzipSync(output))
    .map((file) => new TextDecoder().decode(file))
    .join('\n');
}

/** Letters of names are in no staff number, whose last two stay in sight. */
const people: fc.Arbitrary<Owner> = fc.record({
  name: fc.oneof(
    fc.string({ unit: fc.constantFrom(...'欧阳雪诸葛亮㛃䶮𠮷'), minLength: 2, maxLength: 4 }),
    fc
      .array(fc.string({ unit: fc.constantFrom(...'QJVZqjvz'), minLength: 2, maxLength: 9 }), {
        minLength: 1,
        maxLength: 3,
      })
      .map((words) => words.join(' ')),
  ),
  id: fc.string({ unit: fc.constantFrom(...'0123456789TX'), minLength: 5, maxLength: 12 }),
  department: fc.constant('教务处'),
  phone: fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 7, maxLength: 13 }),
});

describe('the public sheet', () => {
  it('is marked as such, needs no closed file, and leaves out who made it', () => {
    const sheet = makeSheet([makeRow()]);
    const report = reportRegistry(maskSheet(sheet), 'en');
    expect(reportRegistry(sheet, 'en').carriesOwners).toBe(true);
    expect(report.carriesOwners).toBe(false);
    expect(report.document).toMatchObject({ public: true, madeBy: '' });
    expect(tableOf(report)?.above?.at(-1)).toContain('masked');
  });

  it.each(formats)('in $name holds no full name, staff number or telephone of anyone', (format) => {
    fc.assert(
      fc.property(fc.array(people, { minLength: 1, maxLength: 5 }), (owners) => {
        const sheet = makeSheet(
          owners.map((each, at) => makeRow({ host: `pc${at}`, owner: each })),
        );
        const nobody: Owner = { name: '', id: '', department: '', phone: '' };
        const rest = makeSheet(sheet.rows.map((row) => ({ ...row, owner: nobody })));
        const others = readOutput(format, reportRegistry(rest, 'zh-CN'));
        const secrets = owners
          .flatMap(({ name, id, phone }) => [name, id, phone])
          .filter((secret) => !others.includes(secret));
        const open = readOutput(format, reportRegistry(sheet, 'zh-CN'));
        const masked = readOutput(format, reportRegistry(maskSheet(sheet), 'zh-CN'));
        expect(secrets.filter((secret) => !open.includes(secret))).toEqual([]);
        expect(secrets.filter((secret) => masked.includes(secret))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
