import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runLab } from '../helpers/memory-io.ts';
import { convertByOffice, hasOffice } from '../helpers/office.ts';
import { type RosterCell, renderFlatSheet } from '../helpers/roster.ts';

const rooms = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];
const seats = 50;

/** What a new user has: rooms, and one PC that is known already. */
const school = `# 第七中学
all:
  children:
${rooms
  .map(
    (title, index) => `    lab_${index + 1}:
      vars:
        room: {title: 计算机室${title}, maintainer: 张伟, subnet: 10.1.${index + 1}.0/24, gateway: 10.1.${index + 1}.254, vlan: ${101 + index}}
        class: student
`,
  )
  .join('')}    offices:
      vars:
        room: {title: 办公室, maintainer: 张伟, subnet: 10.9.0.0/24, gateway: 10.9.0.254, vlan: 190}
      hosts:
        old-pc: {mac: "00:e0:4c:00:00:01", ip: 10.9.0.1, seat: "1", switch_port: GE99/0/1, owner: {name: 赵敏, id: "0900"}}
`;

const people = [
  { name: '王芳', id: '0301', department: '数学组' },
  { name: '㛃䶮', id: '0302', department: '信息中心（东区）' },
  { name: '李娜', id: '0303', department: '语文组' },
  { name: '欧阳娜娜', id: '0304', department: '行政办' },
  { name: '陈静', id: '0305', department: '年级组' },
] as const;

type Row = (RosterCell | string)[];

/** 500 PCs below a title; ten rows of one room have one owner in merged cells. */
function makeRoster(merged: boolean): Row[] {
  const head = [
    '序号',
    '计算机名称',
    '机房',
    '座位号',
    'MAC地址\n（有线）',
    'IP 地址',
    '使用人',
    '工号/学号',
    '使用部门',
    '交换机端口',
    '序列号',
    '备注',
  ];
  const rows: Row[] = [['第七中学联网计算机实名登记表'], ['填表日期：2026年9月1日'], head];
  for (const [room, title] of rooms.entries())
    for (let seat = 1; seat <= seats; seat += 1) rows.push(makeRow(room, title, seat, merged));
  return rows;
}

function makeRow(room: number, title: string, seat: number, merged: boolean): Row {
  const person = people[Math.floor((seat - 1) / 10)] ?? people[0];
  const isFirst = (seat - 1) % 10 === 0;
  const shared = (text: string): RosterCell | string =>
    !merged ? text : isFirst ? { text, rows: 10 } : '';
  const pair = (value: number) => value.toString(16).padStart(2, '0');
  const mac = ['00', 'e0', '4c', '01', pair(room + 1), pair(seat)];
  const spellings = [
    mac.join('-').toUpperCase(),
    mac.join(':'),
    `${mac.slice(0, 2).join('')}.${mac.slice(2, 4).join('')}.${mac.slice(4).join('')}`,
  ];
  return [
    String(room * seats + seat),
    `pc${room + 1}-${String(seat).padStart(2, '0')}`,
    seat === 1 ? `计算机室${title}` : '同上',
    String(seat).padStart(2, '0'),
    spellings[seat % 3] ?? '',
    seat % 7 === 0 ? `１０.1.${room + 1}.${seat}` : `10.1.${room + 1}.${seat}`,
    shared(person.name),
    shared(person.id),
    shared(person.department),
    `GE${room + 1}/0/${seat}`,
    `12345678901234500${String(room * seats + seat).padStart(3, '0')}`,
    seat === 5 ? '教师机' : '',
  ];
}

/** What goes wrong in offices: each fault with the row it is put into (from 1) and what has to be said about it. */
const faults: readonly {
  readonly at: number;
  readonly column: number;
  readonly cell: RosterCell | string;
  readonly told: string;
}[] = [
  {
    at: 10,
    column: 4,
    cell: { text: '', number: 123_456_789_012 },
    told: 'E10: "123456789012": the spreadsheet made a number of it',
  },
  {
    at: 20,
    column: 4,
    cell: '00:e0:4c:01:01:01',
    told: 'E20: the MAC address 00:e0:4c:01:01:01 is wanted twice: row 4 gives it to pc1-01',
  },
  { at: 30, column: 5, cell: '10.1.9.30', told: 'F30: 10.1.9.30 is outside 10.1.1.0/24' },
  { at: 40, column: 1, cell: 'pc_40', told: 'B40: the name "pc_40" has "_"' },
  {
    at: 70,
    column: 9,
    cell: { text: '', date: '2024-01-01' },
    told: 'J70: "2024-01-01": the spreadsheet made a date of it',
  },
  {
    at: 80,
    column: 4,
    cell: '00:e0:4c:00:00:01',
    told: 'E80: the MAC address 00:e0:4c:00:00:01 belongs to old-pc (赵敏, seat 1 of offices)',
  },
  {
    at: 90,
    column: 4,
    cell: '00:e0:4c:01:02:4G',
    told: 'E90: "00:e0:4c:01:02:4G" is not a MAC address',
  },
  {
    at: 100,
    column: 3,
    cell: '46',
    told: 'D100: seat 46 of lab_2 is wanted twice: row 99 gives it to pc2-46',
  },
  { at: 103, column: 2, cell: '计算机室十一', told: 'C103: there is no room "计算机室十一"' },
];

const wrong = (rows: readonly Row[]): Row[] =>
  rows.map((row, index) => {
    const fault = faults.find(({ at }) => at === index + 1);
    return fault ? row.map((cell, column) => (column === fault.column ? fault.cell : cell)) : row;
  });

let folder: string;
let file: string;
const lab = (...args: string[]) => runLab(args, { cwd: folder });
interface ImportJson {
  readonly totals: Readonly<Record<string, number>>;
  readonly rows: readonly {
    row: number;
    outcome: string;
    cell: string;
    reason: string;
    hint: string;
  }[];
}
async function importJson(...args: string[]): Promise<{ exitCode: number; report: ImportJson }> {
  const { exitCode, stdout, stderr } = await lab('inventory', 'import', ...args, '-o', 'json');
  if (stdout === '') throw new Error(stderr);
  return { exitCode, report: JSON.parse(stdout) as ImportJson };
}

// Filter options of LibreOffice: comma, double quote, the character set (85 is GB18030, of which GBK is a part), from line 1, texts
// unquoted as Excel has it.
const gb18030 = 'csv:Text - txt - csv (StarCalc):44,34,85,1,,0,false,true';

describe.skipIf(!hasOffice())(
  'a register of 500 PCs in a Chinese spreadsheet',
  { timeout: 300_000 },
  () => {
    let good: Buffer;
    let bad: Buffer;
    let goodCsv: Buffer;
    beforeAll(async () => {
      good = await convertByOffice('good.fods', renderFlatSheet(makeRoster(true)), 'xlsx');
      bad = await convertByOffice('bad.fods', renderFlatSheet(wrong(makeRoster(true))), 'xlsx');
      // In a text there are no merged cells, so each row says its owner.
      const plain = makeRoster(false);
      goodCsv = await convertByOffice('plain.fods', renderFlatSheet(plain), gb18030);
    }, 300_000);
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'lab-import-'));
      mkdirSync(join(folder, 'inventories'));
      file = join(folder, 'inventories', 'school.yaml');
      writeFileSync(file, school);
      writeFileSync(join(folder, 'lab.yaml'), '');
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('is refused row by row with cell, reason and hint, and writes nothing, not even when asked to', async () => {
      writeFileSync(join(folder, '登记表.xlsx'), bad);
      for (const more of [[], ['--apply']]) {
        const { exitCode, report } = await importJson('xlsx', '登记表.xlsx', ...more);
        expect(exitCode).toBe(3);
        const refused = report.rows.filter(({ outcome }) => outcome === 'refused');
        const told = refused.map(({ cell, reason }) => `${cell}: ${reason}`);
        for (const fault of faults) {
          expect(
            told.filter((each) => each.startsWith(fault.told)),
            `${fault.told}\n${told.join('\n')}`,
          ).toHaveLength(1);
        }
        expect(refused.map(({ row }) => row)).toEqual(faults.map(({ at }) => at));
        expect(refused.every(({ hint }) => hint !== '')).toBe(true);
        expect(readFileSync(file, 'utf8')).toBe(school);
      }
    });

    it('leaves out refused rows only with --partial', async () => {
      const { exitCode, stdout } = await lab(
        'inventory',
        'import',
        'xlsx',
        '登记表.xlsx',
        '--partial',
        '--lang',
        'zh-CN',
      );
      expect(exitCode).toBe(0);
      expect(stdout).toContain('尚未写入');
      expect(readFileSync(file, 'utf8')).toBe(school);
    });

    it('once corrected, is written as it stands, and the inventory is clean', async () => {
      writeFileSync(join(folder, '登记表.xlsx'), good);
      const tried = await importJson('xlsx', '登记表.xlsx');
      expect(tried).toMatchObject({ exitCode: 0, report: { totals: { rows: 500, refused: 0 } } });
      expect(readFileSync(file, 'utf8')).toBe(school);
      const applied = await importJson('xlsx', '登记表.xlsx', '--apply', '--reason', '2026年登记');
      expect(applied).toMatchObject({ exitCode: 0, report: { totals: { rows: 500, refused: 0 } } });
      expect(await lab('inventory', 'validate')).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining('No problems') as unknown,
      });
      const { stdout } = await lab('inventory', 'list', 'pc3-17', '-o', 'json');
      expect(JSON.parse(stdout)).toMatchObject({
        hosts: [
          {
            mac: '00:e0:4c:01:03:11',
            ip: '10.1.3.17',
            seat: '17',
            room: 'lab_3',
            owner: { name: '㛃䶮', id: '0302', department: '信息中心（东区）' },
            vars: { serial: '12345678901234500117' },
          },
        ],
      });
      for (const line of school.split('\n')) expect(readFileSync(file, 'utf8')).toContain(line);
    });

    it('stands in the ledger, each PC with one row and the reason', async () => {
      const { stdout } = await lab('registry', 'history', 'pc10-50', '-o', 'json');
      expect(JSON.parse(stdout)).toMatchObject({
        rows: [
          {
            kind: 'register',
            host: 'pc10-50',
            before: null,
            reason: '2026年登记',
            after: { owner: { name: '陈静' }, ip: '10.1.10.50' },
          },
        ],
      });
      expect(await lab('registry', 'verify')).toMatchObject({ exitCode: 0 });
    });

    it('changes nothing when it is imported again, from the workbook or from a GB18030 text', async () => {
      const before = readFileSync(file, 'utf8');
      expect(await importJson('xlsx', '登记表.xlsx', '--apply')).toMatchObject({
        exitCode: 0,
        report: { totals: { unchanged: 500 } },
      });
      expect(readFileSync(file, 'utf8')).toBe(before);
      writeFileSync(join(folder, 'roster.csv'), goodCsv);
      expect(() => new TextDecoder('utf-8', { fatal: true }).decode(goodCsv)).toThrow();
      const { report } = await importJson('csv', 'roster.csv');
      const refused = report.rows.filter(({ outcome }) => outcome === 'refused');
      expect(refused).toEqual([]);
      expect(report.totals).toMatchObject({ unchanged: 500, rows: 500 });
    });

    it.each([
      ['csv', 'zh-CN', 'encoding=utf-8-bom'],
      ['csv', 'en', 'encoding=gb18030'],
      ['xlsx', 'zh-CN', ''],
      ['xlsx', 'en', ''],
    ])('our own export (%s, %s %s) imported changes nothing', async (format, lang, more) => {
      const name = `own-${lang}.${format}`;
      const settings = [`lang=${lang}`, more].filter((each) => each !== '').join(',');
      expect(
        await lab('inventory', 'export', format, '--set', settings, '--output-file', name),
      ).toMatchObject({ exitCode: 0 });
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
      const { exitCode, report } = await importJson(format, name);
      expect(exitCode).toBe(0);
      expect(report.totals).toEqual({
        rows: 501,
        accepted: 0,
        noted: 0,
        refused: 0,
        unchanged: 501,
      });
    });

    it('is exported to every format there is', async () => {
      const formats = readdirSync(
        join(import.meta.dirname, '..', '..', 'src', 'catalog', 'exports'),
      ).map((name) => name.replace('.ts', ''));
      expect(formats.length).toBeGreaterThan(10);
      for (const format of formats) {
        const { exitCode, stderr } = await lab(
          'inventory',
          'export',
          format,
          '--output-file',
          `all.${format}`,
        );
        expect(exitCode, `${format}: ${stderr}`).toBe(0);
        expect(statSync(join(folder, `all.${format}`)).size, format).toBeGreaterThan(5_000);
      }
    });
  },
);
