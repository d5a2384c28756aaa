import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runLab } from '../helpers/memory-io.ts';

const school = `# two seats
all:
  children:
    lab_a:
      vars:
        room: { title: 计算机室一, maintainer: 张伟, subnet: 10.1.1.0/24, gateway: 10.1.1.254 }
        class: student
        owner: { name: 张伟, id: "0117" }
      hosts:
        a01:
          mac: "00:e0:4c:01:00:01"   # left
          ip: 10.1.1.1
          seat: A1
        a02: { mac: "00:e0:4c:01:00:02", ip: 10.1.1.2, seat: A2 }
`;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-cli-'));
  mkdirSync(join(folder, 'inventories'));
  file = join(folder, 'inventories', 'school.yaml');
  writeFileSync(file, school);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const lab = (...args: string[]) => runLab(args, { cwd: folder });

describe('lab inventory', () => {
  it('lists hosts from inventories/ as a table and as JSON', async () => {
    const table = await lab('inventory', 'list');
    expect(table).toMatchObject({ exitCode: 0, stderr: '' });
    expect(table.stdout).toContain('张伟');
    const { stdout } = await lab('inventory', 'list', 'a02', '-o', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'lab.inventory/1',
      hosts: [
        {
          name: 'a02',
          room: 'lab_a',
          seat: 'A2',
          groups: ['lab_a'],
          mac: '00:e0:4c:01:00:02',
          ip: '10.1.1.2',
          address: '10.1.1.2',
          owner: { name: '张伟', id: '0117', department: '' },
          class: 'student',
          status: 'active',
        },
      ],
    });
  });

  it('shows where each value comes from, counted from the current folder', async () => {
    const { stdout } = await lab('inventory', 'show', 'a01');
    expect(stdout).toMatch(/ip +10\.1\.1\.1 +inventories\/school\.yaml:12/);
    expect(stdout).toMatch(/class +student +inventories\/school\.yaml:7/);
  });

  it('finds nothing wrong with a good inventory, and everything at once with a bad one', async () => {
    expect(await lab('inventory', 'validate')).toMatchObject({ exitCode: 0 });
    writeFileSync(
      file,
      school
        .replace('00:e0:4c:01:00:02', '00-E0-4C-01-00-01')
        .replace('ip: 10.1.1.1\n', 'ip: 10.1.2.1\n'),
    );
    const { exitCode, stdout } = await lab('inventory', 'validate');
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/inventories\/school\.yaml:12:\d+/);
    expect(stdout).toMatch(/inventories\/school\.yaml:14:\d+/);
  });

  it('counts warnings as errors only with --strict', async () => {
    writeFileSync(file, school.replace('"00:e0:4c:01:00:02"', '"02:e0:4c:01:00:02"'));
    expect((await lab('inventory', 'validate')).exitCode).toBe(0);
    expect((await lab('inventory', 'validate', '--strict')).exitCode).toBe(3);
  });

  it('changes one value and leaves every other byte', async () => {
    const ran = await lab('inventory', 'set', 'a01', 'ip=10.1.1.9');
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(readFileSync(file, 'utf8')).toBe(school.replace('ip: 10.1.1.1\n', 'ip: 10.1.1.9\n'));
  });

  it('writes nothing when a change would bring an error, and names it', async () => {
    const { exitCode, stderr } = await lab('inventory', 'set', 'a01', 'mac=00:e0:4c:01:00:02');
    expect(exitCode).toBe(3);
    expect(stderr).toContain('nothing was written');
    expect(stderr).toMatch(/school\.yaml:\d+:\d+/);
    expect(readFileSync(file, 'utf8')).toBe(school);
  });

  it('writes a report to a file, whole, and says so', async () => {
    const { stdout, stderr } = await lab(
      'inventory',
      'list',
      '-o',
      'csv',
      '--output-file',
      'list.csv',
    );
    expect(stdout).toBe('');
    expect(stderr).toBe('report written to list.csv\n');
    expect(readFileSync(join(folder, 'list.csv'), 'utf8')).toContain('a01');
  });

  it('prints a schema that is JSON', async () => {
    const { stdout } = await lab('inventory', 'schema');
    expect(JSON.parse(stdout)).toMatchObject({ $schema: expect.stringContaining('2020-12') });
  });
});

describe('what a person typed wrong', () => {
  it.each([
    [['inventory', 'list', 'nosuch'], 5, 'nosuch'],
    [['inventory', 'list', 'a01', '-l', 'a02'], 5, 'leaves none'],
    [['inventory', 'list', '-o', 'yaml'], 5, 'write one of'],
    [['inventory', 'list', '--frobnicate'], 5, '--frobnicate'],
    [['inventory', 'show'], 5, 'missing required argument'],
    [['inventory', 'show', 'lab_a'], 5, 'names 2 hosts'],
    [['check', 'a01', '--suite', 'daly'], 5, 'did you mean "daily"?'],
    [['check', 'a01', '--forks', 'many'], 5, '--forks many'],
    [['run', 'a01'], 5, 'there is no command'],
    [['inventory', 'list', '-i', 'missing.yaml'], 3, 'missing.yaml'],
  ])('%j ends with %i and says %s', async (args, exitCode, words) => {
    const ran = await lab(...args);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).toContain(words);
    expect(ran.exitCode).toBe(exitCode);
  });

  it('stops an acting command before any host when the inventory has errors', async () => {
    writeFileSync(file, school.replace('"00:e0:4c:01:00:02"', '"00:e0:4c:01:00"'));
    const { exitCode, stderr } = await lab('run', 'a01', '--', 'true');
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/school\.yaml:14:\d+.*00:e0:4c:01:00/);
    expect(existsSync(join(folder, '.lab'))).toBe(false);
  });

  it('never lets escape sequences of an inventory reach the terminal', async () => {
    writeFileSync(file, school.replace('计算机室一', '"\\e[2J\\u202e"').replace('A2', '"\\a"'));
    for (const args of [
      ['inventory', 'list'],
      ['inventory', 'graph'],
      ['inventory', 'show', 'a02'],
    ]) {
      const { stdout } = await lab(...args);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f\u202e]/);
    }
  });
});

describe('which inventory is read', () => {
  const listed = async (
    args: string[],
    setting: { cwd?: string; env?: Record<string, string> } = {},
  ) => {
    const { stdout } = await runLab(['inventory', 'list', '-o', 'csv', ...args], {
      cwd: folder,
      ...setting,
    });
    return stdout.split('\r\n').slice(1, -1).length;
  };
  beforeEach(() => {
    writeFileSync(join(folder, 'one.yaml'), 'all: {hosts: {x1: null}}\n');
    writeFileSync(join(folder, 'three.yaml'), 'all: {hosts: {"y[1:3]": null}}\n');
  });

  it('is the most explicit one: -i, LAB_INVENTORY, lab.yaml, inventories/', async () => {
    expect(await listed([])).toBe(2);
    writeFileSync(join(folder, 'lab.yaml'), 'inventory: one.yaml\n');
    expect(await listed([])).toBe(1);
    expect(await listed([], { env: { LAB_INVENTORY: 'three.yaml' } })).toBe(3);
    expect(await listed(['-i', 'inventories'], { env: { LAB_INVENTORY: 'three.yaml' } })).toBe(2);
    expect(await listed(['-i', 'one.yaml', '-i', 'three.yaml'])).toBe(4);
  });

  it('is found from a folder below the project', async () => {
    mkdirSync(join(folder, 'deep', 'er'), { recursive: true });
    writeFileSync(join(folder, 'lab.yaml'), 'inventory: [one.yaml, three.yaml]\n');
    expect(await listed([], { cwd: join(folder, 'deep', 'er') })).toBe(4);
  });

  it('refuses settings it does not know, with their place', async () => {
    writeFileSync(join(folder, 'lab.yaml'), 'inventory: one.yaml\ninventry: two.yaml\n');
    const { exitCode, stderr } = await lab('inventory', 'list');
    expect(exitCode).toBe(3);
    expect(stderr).toContain('lab.yaml:2:1');
  });
});

describe('lab inventory set', () => {
  it('does not take an old error for a new one because a line was added above it', async () => {
    writeFileSync(
      file,
      `${school}        a03: { mac: "00:e0:4c:01:00:02", ip: 10.1.1.3, seat: A3 }\n`,
    );
    const { exitCode, stderr } = await lab('inventory', 'set', 'a01', 'asset=0815');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('says a MAC address as it was written', async () => {
    const { stdout } = await lab('inventory', 'set', 'a01', 'mac=00-E0-4C-01-00-77');
    expect(stdout).toBe('a01: mac is 00:e0:4c:01:00:77 (inventories/school.yaml)\n');
  });

  it('takes no mapping as the text of an owner', async () => {
    const { exitCode, stderr } = await lab('inventory', 'set', 'a02', 'owner={ name: 李娜 }');
    expect(exitCode).toBe(5);
    expect(stderr).toContain('owner.name=');
    expect(readFileSync(file, 'utf8')).toBe(school);
  });

  it('refuses a limit, which would narrow nothing', async () => {
    const { exitCode, stderr } = await lab('inventory', 'set', 'a01', 'seat=9', '-l', 'a02');
    expect(exitCode).toBe(5);
    expect(stderr).toContain('--limit');
    expect(readFileSync(file, 'utf8')).toBe(school);
    expect((await lab('inventory', 'set', '--help')).stdout).not.toContain('--limit');
    expect((await lab('inventory', 'list', '--help')).stdout).toContain('--limit');
  });
});

describe('an inventory folder that holds nothing Ansible would read', () => {
  it('is warned of, with the files that were passed over', async () => {
    rmSync(file);
    expect((await lab('inventory', 'validate')).stdout).toContain(
      'there is no inventory file in it',
    );
    writeFileSync(join(folder, 'inventories', 'hosts.ini'), 'a01\n');
    const { stdout, exitCode } = await lab('inventory', 'validate', '--strict');
    expect(exitCode).toBe(3);
    expect(stdout).toContain('inventories/hosts.ini:1:1  it is not read');
  });
});
