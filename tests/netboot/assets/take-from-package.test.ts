import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { runProgram } from '../../../src/imaging/run-program.ts';
import { LabError } from '../../../src/model/lab-error.ts';
import { openAssetStore } from '../../../src/netboot/assets/asset-store.ts';
import type { RunProgram } from '../../../src/netboot/assets/asset-types.ts';

const base = mkdtempSync(join(tmpdir(), 'lab-packages-'));
afterAll(() => rm(base, { recursive: true, force: true }));
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(base, 'assets-'));
});

const wish = {
  name: 'linux',
  sources: [{ from: 'package', package: 'an-installer', path: '/usr/lib/installer/linux' }],
  sha256: '',
} as const;

/** In the place of apt-get, which alone talks to a mirror; dpkg-deb is the real one. */
function brings(files: readonly string[]): RunProgram {
  return async (program, args, call) => {
    if (program !== 'apt-get') return runProgram(program, args, call);
    expect(args.slice(-3)).toEqual(['download', '--', 'an-installer']);
    const tree = mkdtempSync(join(base, 'tree-'));
    await mkdir(join(tree, 'DEBIAN'));
    const control =
      'Package: an-installer\nVersion: 1\nArchitecture: all\nMaintainer: a <a@b.c>\nDescription: x\n';
    await writeFile(join(tree, 'DEBIAN', 'control'), control);
    await mkdir(join(tree, 'usr/lib/installer'), { recursive: true });
    for (const file of files) await writeFile(join(tree, 'usr/lib/installer', file), 'a kernel');
    const made = spawnSync('dpkg-deb', [
      '-b',
      tree,
      join(call?.cwd ?? '', 'an-installer_1_all.deb'),
    ]);
    expect(made.status, String(made.stderr)).toBe(0);
    return '';
  };
}

function openStore(run: RunProgram) {
  const { signal } = new AbortController();
  return openAssetStore({
    ...{
      folder,
      deploymentFolder: '',
      deploymentDigest: async () => undefined,
      runProgram: run,
      fetch,
      signal,
      stallMs: 1000,
    },
  });
}

it('a file of a Debian package is taken out and kept, and the package is not', async () => {
  const store = openStore(brings(['linux']));
  const found = await store.fetch(wish);
  await store.forgetPackages();
  expect(await readFile(found.path, 'utf8')).toBe('a kernel');
  expect(await readdir(folder)).toEqual([found.sha256]);
});

it('a package is fetched once, however many files are taken out of it', async () => {
  let times = 0;
  const run = brings(['linux', 'initrd.gz']);
  const store = openStore((program, args, call) => {
    if (program === 'apt-get') times += 1;
    return run(program, args, call);
  });
  const [source] = wish.sources;
  await store.fetch(wish);
  const path = source.path.replace('linux', 'initrd.gz');
  await store.fetch({ ...wish, name: 'initrd.gz', sources: [{ ...source, path }] });
  await store.forgetPackages();
  expect(times).toBe(1);
  expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
});

it('a package that holds no such file, or another one than was pinned, brings nothing', async () => {
  const empty = openStore(brings([]));
  await expect(empty.fetch(wish)).rejects.toThrow('linux could not be fetched');
  const pinned = { ...wish, sha256: 'a'.repeat(64) };
  const other = openStore(brings(['linux']));
  await expect(other.fetch(pinned)).rejects.toMatchObject({
    hint: expect.stringContaining(`not ${'a'.repeat(64)}`),
  });
  for (const store of [empty, other]) await store.forgetPackages();
  expect(await readdir(folder)).toEqual([]);
});

it('what apt refuses is told as apt says it', async () => {
  const refuses: RunProgram = async () => {
    throw new LabError('environment', 'apt-get failed (100)', 'E: not authenticated');
  };
  await expect(openStore(refuses).fetch(wish)).rejects.toMatchObject({
    hint: expect.stringContaining('E: not authenticated'),
  });
});
