import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runLab } from '../helpers/memory-io.ts';

const school = `all:
  children:
    lab_a:
      vars:
        room: { title: 计算机室一, subnet: 10.1.1.0/24, gateway: 10.1.1.254 }
        owner: { name: 张伟, id: "0117" }
      hosts:
        a01: { mac: "00:e0:4c:01:00:01", ip: 10.1.1.1, seat: A1 }
`;
const head = '计算机名,机房,MAC地址,IP地址,责任人,工号\r\n';
const good =
  'a01,计算机室一,,,王芳,0301\r\na02,计算机室一,00-E0-4C-01-00-02,10.1.1.2,王芳,0301\r\n';
const bad = 'a03,计算机室一,00-E0-4C-01-00-01,10.1.1.3,王芳,0301\r\n';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-import-'));
  mkdirSync(join(folder, 'inventories'));
  file = join(folder, 'inventories', 'school.yaml');
  writeFileSync(file, school);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const lab = (...args: string[]) => runLab(args, { cwd: folder });
const importing = (content: string, ...more: string[]) => {
  writeFileSync(join(folder, 'roster.csv'), head + content);
  return lab('inventory', 'import', 'csv', 'roster.csv', ...more);
};

describe('lab inventory import', () => {
  it('says what it would do and writes nothing', async () => {
    const { exitCode, stdout } = await importing(good);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('owner.name 张伟 → 王芳');
    expect(stdout).toContain('new in lab_a: mac 00:e0:4c:01:00:02; ip 10.1.1.2');
    expect(stdout).toContain('Nothing was written; --apply writes.');
    expect(readFileSync(file, 'utf8')).toBe(school);
  });

  it('writes with --apply, and files it in the ledger in the same step', async () => {
    const { exitCode, stdout } = await importing(good, '--apply', '--lang', 'zh-CN');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('已写入 2 台主机');
    expect(readFileSync(file, 'utf8')).toBe(`${school.replace(
      'seat: A1 }',
      'seat: A1, owner: {name: 王芳, id: "0301"} }',
    )}        a02:
          mac: "00:e0:4c:01:00:02"
          ip: 10.1.1.2
          owner:
            name: 王芳
            id: "0301"
`);
    const { stdout: history, stderr } = await lab('registry', 'history', '-o', 'json');
    expect(stderr).not.toContain('by hand');
    expect(
      JSON.parse(history).rows.map(({ kind, host, reason }: Record<string, string>) => [
        kind,
        host,
        reason,
      ]),
    ).toEqual([
      ['register', 'a01', 'starting state, as the inventory had it'],
      ['transfer', 'a01', 'imported from roster.csv'],
      ['register', 'a02', 'imported from roster.csv'],
    ]);
  });

  it('writes nothing at all when one row is bad, and the others with --partial', async () => {
    const held = await importing(good + bad, '--apply');
    expect(held.exitCode).toBe(3);
    expect(held.stdout).toContain('C4');
    expect(held.stdout).toContain('belongs to a01 (张伟, seat A1 of lab_a)');
    expect(held.stdout).toContain('because rows were refused');
    expect(readFileSync(file, 'utf8')).toBe(school);
    expect((await importing(good + bad, '--apply', '--partial')).exitCode).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('a02:');
    expect(readFileSync(file, 'utf8')).not.toContain('a03');
  });

  it('takes the room of rows that name none from --room', async () => {
    const rows = 'a02,,00:e0:4c:01:00:02,10.1.1.2,,\r\n';
    expect((await importing(rows)).exitCode).toBe(3);
    expect((await importing(rows, '--room', '计算机室一')).exitCode).toBe(0);
  });

  it('refuses a file that is none, one without headings, and an unknown format', async () => {
    expect(await lab('inventory', 'import', 'csv', 'missing.csv')).toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining('cannot read missing.csv') as unknown,
    });
    writeFileSync(join(folder, 'x.csv'), 'a,b\n1,2\n');
    expect(await lab('inventory', 'import', 'csv', 'x.csv')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('x.csv:1:1  no row of headings') as unknown,
    });
    expect(await lab('inventory', 'import', 'xls', 'x.xls')).toMatchObject({ exitCode: 5 });
  });

  it('refuses to write into an inventory that has errors', async () => {
    writeFileSync(file, school.replace('10.1.1.1,', '10.1.1.999,'));
    const { exitCode, stderr } = await importing(good, '--apply');
    expect(exitCode).toBe(3);
    expect(stderr).toContain('the inventory has an error');
  });

  it('writes reports that carry names for their owner only', async () => {
    await importing(good, '--output-file', 'report.html', '-o', 'html');
    expect(statSync(join(folder, 'report.html')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('王芳');
  });
});

describe('a workbook as output', () => {
  it('goes to a file or a pipe, never to a terminal', async () => {
    const terminal = await runLab(['inventory', 'list', '-o', 'xlsx'], {
      cwd: folder,
      columns: 80,
    });
    expect(terminal).toMatchObject({ exitCode: 5, stdout: '' });
    expect(terminal.stderr).toContain('--output-file report.xlsx');
    expect((await lab('inventory', 'list', '-o', 'xlsx')).stdout.slice(0, 2)).toBe('PK');
    await lab('inventory', 'list', '-o', 'xlsx', '--output-file', 'list.xlsx');
    expect(statSync(join(folder, 'list.xlsx')).mode & 0o777).toBe(0o600);
  });
});
