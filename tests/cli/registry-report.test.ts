import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/store.ts';
import { runLab } from '../helpers/memory-io.ts';

const school = `all:
  children:
    lab_a:
      vars:
        room: { title: 计算机室一, maintainer: 李娜, subnet: 10.1.1.0/24, gateway: 10.1.1.254 }
        class: student
      hosts:
        a01: { mac: "00:e0:4c:01:00:01", ip: 10.1.1.1, seat: A1, owner: { name: 张伟, id: "011723", phone: "13800138000" } }
        a02: { mac: "00:e0:4c:01:00:02", seat: A2, owner: { name: 王芳, id: "011824" } }
        a03: { mac: "00:e0:4c:01:00:03", seat: A3, ip: 10.1.1.3, status: retired, owner: { name: 王芳, id: "011824" } }
`;
const settings = `registry:
  unit: 第一中学
  filing_numbers: [鲁ICP备1号]
  citation: 公安部令第82号
  confirm_days: 100
`;
const dayMs = 86_400_000;
const startMs = Date.UTC(2026, 8, 1, 4);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-report-'));
  mkdirSync(join(folder, 'inventories'));
  writeFileSync(join(folder, 'inventories', 'school.yaml'), school);
  writeFileSync(join(folder, 'lab.yaml'), settings);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const labOn = (day: number, ...args: string[]) =>
  runLab(args, { cwd: folder, nowMs: startMs + day * dayMs });
const report = async (day: number, ...args: string[]) => {
  const ran = await labOn(day, 'registry', 'report', ...args, '-o', 'json');
  expect(ran.exitCode, ran.stderr).toBe(0);
  return JSON.parse(ran.stdout);
};

describe('lab registry report', () => {
  it('takes what is from the inventory, dates from the ledger and its head from the settings', async () => {
    expect(await report(0)).toMatchObject({
      schema: 'lab.registry-report/1',
      unit: '第一中学',
      filingNumbers: ['鲁ICP备1号'],
      confirmDays: 100,
      totals: { hosts: 2, inOrder: 1, incomplete: 1, retired: 1 },
      rows: [
        { host: 'a01', owner: { name: '张伟' }, since: '2026-09-01T04:00:00.000Z', remarks: [] },
        { host: 'a02', remarks: ['incomplete'], missing: ['ip'] },
      ],
    });
  });

  it('remembers since when a PC is somebody’s, and when that was confirmed, as the register changes', async () => {
    await report(0);
    const owner = ['--owner', '赵敏', '--owner-id', '0803', '--reason', '换岗'];
    expect((await labOn(10, 'registry', 'transfer', 'a01', ...owner)).exitCode).toBe(0);
    const later = await report(50);
    expect(later.rows[0]).toMatchObject({
      owner: { name: '赵敏' },
      since: '2026-09-11T04:00:00.000Z',
      lastConfirmed: '2026-09-11T04:00:00.000Z',
    });
    expect(later.rows[1].lastConfirmed).toBeNull();
    expect((await report(105)).rows.map((row: { remarks: string[] }) => row.remarks)).toEqual([
      [],
      ['incomplete', 'overdue'],
    ]);
    expect((await labOn(105, 'registry', 'confirm', 'a01')).exitCode).toBe(0);
    expect((await report(204)).rows[0]).toMatchObject({
      since: '2026-09-11T04:00:00.000Z',
      lastConfirmed: '2026-12-15T04:00:00.000Z',
      remarks: [],
    });
  });

  it('remarks PCs that no run has reached for so many days', async () => {
    const store = await openStore(join(folder, '.lab'));
    const at = new Date(startMs).toISOString();
    store.append({
      ...{ type: 'host.finished', host: 'a01', outcome: 'ok', durationMs: 1, reached: true },
      ...{ run: 'r1', seq: 1, at },
    });
    store.close();
    const remarks = async (day: number, ...args: string[]) =>
      (await report(day, ...args)).rows.map((row: { remarks: string[] }) => row.remarks);
    expect(await remarks(30)).toEqual([[], ['incomplete', 'never-seen']]);
    expect(await remarks(31)).toEqual([['unseen'], ['incomplete', 'never-seen']]);
    expect(await remarks(31, '--unseen', '60')).toEqual([[], ['incomplete', 'never-seen']]);
    expect((await report(31)).rows[0].lastSeen).toBe(at);
  });

  it.each(['table', 'json', 'csv', 'markdown', 'html', 'xlsx'])(
    'writes %s for its owner only, unless it is the public one',
    async (format) => {
      for (const [name, flags, mode] of [
        ['whole', [], 0o600],
        ['public', ['--public'], 0o666 & ~process.umask()],
      ] as const) {
        const args = ['-o', format, '--output-file', name, ...flags];
        expect((await labOn(0, 'registry', 'report', ...args)).exitCode).toBe(0);
        expect(statSync(join(folder, name)).mode & 0o777).toBe(mode);
      }
      if (format !== 'xlsx') expect(readFileSync(join(folder, 'whole'), 'utf8')).toContain('张伟');
      expect(readFileSync(join(folder, 'public'), 'utf8')).not.toMatch(/张伟|011723|13800138000/);
    },
  );

  it('masks people with --public and nothing else', async () => {
    const [row] = (await report(0, 'a01', '--public')).rows;
    expect(row).toMatchObject({
      owner: { name: '张*', id: '****23', phone: '*********00' },
      ip: '10.1.1.1',
      macs: [{ addr: '00:e0:4c:01:00:01' }],
    });
  });

  it('says who is behind it in Chinese where that is asked for', async () => {
    const { stdout } = await labOn(0, 'registry', 'report', '--lang', 'zh-CN');
    expect(stdout).toContain('第一中学联网计算机实名登记表');
    expect(stdout).toMatch(/责任人.*工号/);
    expect(stdout).toContain('缺IP');
  });

  it('narrows to a pattern, and still counts as the ledger knows it', async () => {
    expect((await report(0, 'a02')).rows.map(({ host }: { host: string }) => host)).toEqual([
      'a02',
    ]);
  });

  it.each(['0', '-3', '1.5', 'x', ''])('refuses --unseen %s', async (days) => {
    const ran = await labOn(0, 'registry', 'report', '--unseen', days);
    expect(ran.exitCode).toBe(5);
  });
});
