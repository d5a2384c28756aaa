import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LabError } from '../../src/model/lab-error.ts';
import { replaceWithBackup, rollBack } from '../../src/store/backup.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-backup-'));
  file = join(folder, 'dhcp.conf');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (second: number) => ({
  who: 'zhang@office-7',
  at: `2026-11-23T14:15:${String(second).padStart(2, '0')}.250Z`,
});
const text = (path = file) => readFileSync(path, 'utf8');
const listed = () =>
  readdirSync(folder)
    .filter((name) => name !== 'dhcp.conf')
    .sort();
const write = (content: string, second: number) => replaceWithBackup(file, content, at(second));

describe('replaceWithBackup', () => {
  it('makes a new file without a backup', async () => {
    expect(await write('one', 0)).toEqual({ state: 'created', backup: '' });
    expect(text()).toBe('one');
    expect(listed()).toEqual([]);
  });

  it('keeps each old content beside it under its date, with the same permissions', async () => {
    await write('one', 0);
    chmodSync(file, 0o640);
    const { state, backup } = await write('two', 1);
    expect(state).toBe('replaced');
    expect(backup).toBe(join(folder, 'dhcp.conf.2026-11-23T141501Z.bak'));
    expect(text(backup)).toBe('one');
    expect(statSync(backup).mode & 0o777).toBe(0o640);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    await write('three', 2);
    expect(listed()).toEqual([
      'dhcp.conf.2026-11-23T141501Z.bak',
      'dhcp.conf.2026-11-23T141502Z.bak',
    ]);
  });

  it('writes over no backup, however many belong to one second', async () => {
    for (const content of ['one', 'two', 'three', 'four']) await write(content, 0);
    expect(listed().map((name) => text(join(folder, name)))).toEqual(['two', 'three', 'one']);
    expect(listed()).toEqual([
      'dhcp.conf.2026-11-23T141500Z-2.bak',
      'dhcp.conf.2026-11-23T141500Z-3.bak',
      'dhcp.conf.2026-11-23T141500Z.bak',
    ]);
  });

  it('leaves alone what is the same already', async () => {
    await write('one', 0);
    expect(await write('one', 1)).toEqual({ state: 'unchanged', backup: '' });
    expect(listed()).toEqual([]);
  });

  it('leaves alone, without a backup, what the guard does not want touched', async () => {
    writeFileSync(file, 'by hand');
    const guard = (present: Uint8Array) => {
      throw new LabError('refused', `it says "${Buffer.from(present).toString()}"`);
    };
    await expect(replaceWithBackup(file, 'new', { ...at(0), guard })).rejects.toThrow('by hand');
    expect(text()).toBe('by hand');
    expect(listed()).toEqual([]);
  });

  it('takes reading away from others, also from a file and a backup that were open to them', async () => {
    writeFileSync(file, 'old', { mode: 0o644 });
    const { backup } = await replaceWithBackup(file, 'names', { ...at(0), ownerOnly: true });
    for (const path of [file, backup]) expect(statSync(path).mode & 0o777).toBe(0o600);
    const fresh = join(folder, 'fresh.csv');
    await replaceWithBackup(fresh, 'names', { ...at(0), ownerOnly: true });
    expect(statSync(fresh).mode & 0o777).toBe(0o600);
  });

  it('hides backups in folders of which programs read every file', async () => {
    const parts = join(folder, 'dnsmasq.d');
    mkdirSync(parts);
    const part = join(parts, 'lab.conf');
    for (const [second, content] of ['one', 'two', 'three'].entries())
      await replaceWithBackup(part, content, at(second));
    expect(readdirSync(parts).sort()).toEqual([
      '.lab.conf.2026-11-23T141501Z.bak',
      '.lab.conf.2026-11-23T141502Z.bak',
      'lab.conf',
    ]);
    await rollBack(part, at(3));
    expect(text(part)).toBe('two');
  });

  it('follows a link, and keeps the backup beside the file it leads to', async () => {
    writeFileSync(file, 'one');
    const linked = join(folder, 'link.conf');
    symlinkSync('dhcp.conf', linked);
    const { backup } = await replaceWithBackup(linked, 'two', at(0));
    expect(backup).toBe(join(folder, 'dhcp.conf.2026-11-23T141500Z.bak'));
    expect(text()).toBe('two');
  });
});

describe('rollBack', () => {
  it('goes one backup further back each time, keeps everything, and then says that there is none', async () => {
    for (const [second, content] of ['one', 'two', 'three'].entries()) await write(content, second);
    expect((await rollBack(file, at(10))).restored).toMatch(/141502Z\.bak$/);
    expect(text()).toBe('two');
    await rollBack(file, at(11));
    expect(text()).toBe('one');
    await expect(rollBack(file, at(12))).rejects.toThrow('no backup');
    expect(text()).toBe('one');
    expect(listed()).toEqual([
      'dhcp.conf.2026-11-23T141501Z.bak',
      'dhcp.conf.2026-11-23T141502Z.bak',
      'dhcp.conf.2026-11-23T141510Z.instead-of-2026-11-23T141502Z.bak',
      'dhcp.conf.2026-11-23T141511Z.instead-of-2026-11-23T141501Z.bak',
    ]);
    expect(text(join(folder, listed()[2] ?? ''))).toBe('three');
  });

  it('goes back to what an export after a rollback wrote over, not to what was before that', async () => {
    await write('one', 0);
    await write('two', 1);
    await rollBack(file, at(2));
    await write('three', 3);
    await write('four', 4);
    await rollBack(file, at(5));
    expect(text()).toBe('three');
    await rollBack(file, at(6));
    expect(text()).toBe('one');
  });

  it('keeps what a person wrote since', async () => {
    await write('one', 0);
    await write('two', 1);
    writeFileSync(file, 'by hand');
    const { backup } = await rollBack(file, at(2));
    expect(text()).toBe('one');
    expect(text(backup)).toBe('by hand');
  });

  it('works within one second, too', async () => {
    for (const content of ['one', 'two', 'three', 'four']) await write(content, 0);
    for (const content of ['three', 'two', 'one']) {
      await rollBack(file, at(0));
      expect(text()).toBe(content);
    }
    await expect(rollBack(file, at(0))).rejects.toThrow('no backup');
  });

  it('brings a file back that was removed', async () => {
    await write('one', 0);
    await write('two', 1);
    rmSync(file);
    expect((await rollBack(file, at(2))).backup).toBe('');
    expect(text()).toBe('one');
  });

  it('takes no other file for a backup', async () => {
    writeFileSync(file, 'one');
    writeFileSync(`${file}.bak`, 'x');
    writeFileSync(`${file}.2026-11-23.bak`, 'x');
    writeFileSync(join(folder, 'dhcp.conf2.2026-11-23T141501Z.bak'), 'x');
    await expect(rollBack(file, at(0))).rejects.toThrow('no backup');
  });
});
