import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hashOf, removeLeftovers, writeFileWhole } from '../../src/store/write-file.ts';

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labkit-write-'));
  file = join(folder, 'school.yaml');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const isRoot = process.getuid?.() === 0;
const rootOnly = isRoot ? '' : ' (SKIPPED: only root may do this here)';
const strace = ['/usr/bin/strace', '/bin/strace'].find(existsSync);

describe('writeFileWhole', () => {
  test('makes a new file with the mode asked for', async () => {
    await writeFileWhole(file, 'all:\n', { mode: 0o600 });
    expect(await readFile(file, 'utf8')).toBe('all:\n');
    expect(statSync(file).mode & 0o7777).toBe(0o600);
  });

  test('keeps the mode of a file that is there, and leaves nothing beside it', async () => {
    await writeFile(file, 'old');
    await chmod(file, 0o640);
    await writeFileWhole(file, new Uint8Array([0xef, 0xbb, 0xbf, 10]), { mode: 0o600 });
    expect([...(await readFile(file))]).toEqual([0xef, 0xbb, 0xbf, 10]);
    expect(statSync(file).mode & 0o7777).toBe(0o640);
    expect(await readdir(folder)).toEqual(['school.yaml']);
  });

  test.skipIf(!isRoot)(`keeps owner and group${rootOnly}`, async () => {
    await writeFile(file, 'old');
    await chown(file, 1234, 2345);
    await writeFileWhole(file, 'new');
    expect(statSync(file)).toMatchObject({ uid: 1234, gid: 2345 });
  });

  test('writes through a chain of symbolic links, also when the file is not there yet', async () => {
    await mkdir(join(folder, 'real'));
    await symlink('real/inventory.yaml', join(folder, 'middle.yaml'));
    await symlink('middle.yaml', file);
    await writeFileWhole(file, 'one');
    await writeFileWhole(file, 'two');
    expect(await readFile(join(folder, 'real/inventory.yaml'), 'utf8')).toBe('two');
    expect(await readdir(join(folder, 'real'))).toEqual(['inventory.yaml']);
    expect((await readdir(folder)).sort()).toEqual(['middle.yaml', 'real', 'school.yaml']);
  });

  test('refuses when the file is no longer what was read, and when it is gone', async () => {
    await writeFile(file, 'by someone else');
    const refused = { kind: 'refused', message: expect.stringContaining('by someone else') };
    await expect(
      writeFileWhole(file, 'new', { expectedHash: hashOf('old') }),
    ).rejects.toMatchObject(refused);
    expect(await readFile(file, 'utf8')).toBe('by someone else');
    await rm(file);
    await expect(
      writeFileWhole(file, 'new', { expectedHash: hashOf('old') }),
    ).rejects.toMatchObject(refused);
    expect(await readdir(folder)).toEqual([]);
  });

  test('writes when the file is still what was read', async () => {
    await writeFile(file, 'old');
    await writeFileWhole(file, 'new', { expectedHash: hashOf('old') });
    expect(await readFile(file, 'utf8')).toBe('new');
  });

  test.each([
    ['a folder that does not exist', 'nowhere/school.yaml'],
    ['a folder in the place of the file', '.'],
  ])('names %s as trouble of the environment', async (_, path) => {
    await expect(writeFileWhole(join(folder, path), 'new')).rejects.toMatchObject({
      name: 'LabError',
      kind: 'environment',
      hint: expect.stringMatching(/./),
    });
  });

  test('leaves a read-only file alone although its folder could be written', async () => {
    await writeFile(file, 'old');
    await chmod(file, 0o444);
    await chmod(folder, 0o777);
    // Root may write anything, so for a moment we are nobody.
    if (isRoot) process.seteuid?.(65534);
    try {
      await expect(writeFileWhole(file, 'new')).rejects.toMatchObject({ kind: 'environment' });
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
    expect(await readFile(file, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['school.yaml']);
  });

  test('leftovers of killed writers are removed, other files are not', async () => {
    const kept = ['.school.yaml.lock', '.school.yaml.swp', '.other.yaml.12.0123456789ab.tmp'];
    const gone = [
      '.school.yaml.12.0123456789ab.tmp',
      '.school.yaml.lock.12.0123456789ab.tmp',
      '.school.yaml.lock.0123456789abcdef',
      '.school.yaml.lock.0123456789abcdef.12.0123456789ab.tmp',
    ];
    for (const name of [...kept, ...gone]) await writeFile(join(folder, name), '');
    await removeLeftovers(file);
    expect((await readdir(folder)).sort()).toEqual([...kept].sort());
  });
});

describe('trouble with the disk', () => {
  test.skipIf(!isRoot)(`a full disk keeps the old file whole and says so${rootOnly}`, async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
    try {
      await writeFile(file, 'old\n'.repeat(1000));
      for (const size of [62_000, 63_000, 70_000, 200_000])
        await expect(writeFileWhole(file, 'n'.repeat(size))).rejects.toMatchObject({
          kind: 'environment',
          message: expect.stringContaining('the disk is full'),
        });
      expect(await readFile(file, 'utf8')).toBe('old\n'.repeat(1000));
      expect(await readdir(folder)).toEqual(['school.yaml']);
      await rm(file);
      await writeFileWhole(file, 'new');
      expect(await readFile(file, 'utf8')).toBe('new');
    } finally {
      execFileSync('umount', [folder]);
    }
  });

  test.skipIf(!isRoot)(`a read-only file system is named${rootOnly}`, async () => {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder]);
    try {
      await writeFile(file, 'old');
      execFileSync('mount', ['-o', 'remount,ro', folder]);
      await expect(writeFileWhole(file, 'new')).rejects.toMatchObject({
        kind: 'environment',
        message: expect.stringContaining('read-only'),
      });
      expect(await readFile(file, 'utf8')).toBe('old');
    } finally {
      execFileSync('umount', [folder]);
    }
  });
});

const traced = strace ? '' : ' (SKIPPED: strace is not installed)';
test.skipIf(!strace)(
  `the content reaches the disk before the name, and the name before we say so${traced}`,
  async () => {
    await writeFile(file, 'old');
    const log = join(folder, 'trace.txt');
    execFileSync(strace ?? '', [
      ...['-f', '-y', '-e', 'trace=write,pwrite64,fsync,rename,renameat,renameat2', '-o', log],
      ...[process.execPath, `${import.meta.dirname}/programs/write-once.ts`, file, 'new'],
    ]);
    const calls = (await readFile(log, 'utf8'))
      .split('\n')
      .filter((line) => line.includes(folder))
      .map((line) =>
        line
          .replace(/^\d+ +/, '')
          .replaceAll(folder, '')
          .replace(/\.school\.yaml\.[\d]+\.[0-9a-f]+\.tmp/g, 'TEMPORARY')
          .replace(/^(\w+)\((.*)\).*$/, '$1 $2')
          .replaceAll(/\d+</g, '<'),
      )
      .filter((line) => !line.startsWith('<...'));
    expect(calls).toEqual([
      expect.stringMatching(/^p?write(64)? <\/TEMPORARY>, "new"/),
      expect.stringMatching(/^fsync <\/TEMPORARY>/),
      expect.stringMatching(/^rename\w* .*"\/TEMPORARY", .*"\/school\.yaml"/),
      expect.stringMatching(/^fsync <>/),
    ]);
  },
);
