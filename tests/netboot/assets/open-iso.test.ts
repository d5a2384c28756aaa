import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../../src/imaging/run-program.ts';
import type { AssetWish } from '../../../src/model/profile.ts';
import { judgeIso } from '../../../src/netboot/assets/judge-iso.ts';
import { openIso } from '../../../src/netboot/assets/open-iso.ts';

const base = mkdtempSync(join(tmpdir(), 'lab-iso-'));
afterAll(() => rm(base, { recursive: true, force: true }));

async function makeIso(name: string, files: readonly string[]): Promise<string> {
  const tree = mkdtempSync(join(base, 'tree-'));
  for (const file of files) {
    await mkdir(dirname(join(tree, file)), { recursive: true });
    await writeFile(join(tree, file), `content of ${file}`);
  }
  const iso = join(base, `${name}.iso`);
  const made = spawnSync(
    'xorriso',
    ['-as', 'mkisofs', '-quiet', '-R', '-J', '-V', name, '-o', iso, tree],
    { encoding: 'utf8' },
  );
  expect(made.status, made.stderr).toBe(0);
  return iso;
}

const wish = (name: string, ...paths: string[]): AssetWish => ({
  name,
  sources: paths.map((path) => ({ from: 'iso', iso: 'Windows 11', path })),
  sha256: '',
});
const windows = [wish('boot.wim', 'sources/boot.wim'), wish('BCD', 'boot/bcd')];

describe('an ISO', () => {
  it('has the files that a profile needs taken out, however they are spelled', async () => {
    const file = await makeIso('CCCOMA', [
      'SOURCES/Boot.WIM',
      'boot/BCD',
      "it's a name",
      'setup.exe',
    ]);
    const iso = await openIso(file, runProgram);
    expect(iso.label).toBe('CCCOMA');
    expect(iso.names).toContain("it's a name");
    const judged = judgeIso(iso, { name: 'windows-11' }, windows);
    expect(judged).toEqual({
      takes: [
        { asset: 'boot.wim', name: 'SOURCES/Boot.WIM' },
        { asset: 'BCD', name: 'boot/BCD' },
      ],
    });
    const out = mkdtempSync(join(base, 'out-'));
    await iso.extract(['SOURCES/Boot.WIM', "it's a name"], out);
    expect(await readFile(join(out, 'SOURCES/Boot.WIM'), 'utf8')).toBe(
      'content of SOURCES/Boot.WIM',
    );
    expect(await readFile(join(out, "it's a name"), 'utf8')).toBe("content of it's a name");
  });

  it('that is not Windows is refused, saying what it is', async () => {
    const file = await makeIso('Debian 12.8.0', ['.disk/info', 'install.amd/vmlinuz']);
    const judged = judgeIso(await openIso(file, runProgram), { name: 'windows-11' }, windows);
    expect(judged).toEqual({
      refused: 'this ISO is not for windows-11: it is Debian ("Debian 12.8.0")',
      hint: 'it lacks sources/boot.wim, boot/bcd',
    });
  });

  it('that is itself an asset is taken whole', async () => {
    const iso = { label: 'Ubuntu', names: ['casper/vmlinuz'] };
    const wishes = [wish('ubuntu.iso', ''), wish('vmlinuz', 'casper/vmlinuz')];
    expect(judgeIso(iso, { name: 'ubuntu' }, wishes)).toEqual({
      takes: [
        { asset: 'ubuntu.iso', name: '' },
        { asset: 'vmlinuz', name: 'casper/vmlinuz' },
      ],
    });
  });

  it('that is none is refused', async () => {
    const file = join(base, 'text.iso');
    await writeFile(file, 'x'.repeat(100_000));
    await expect(openIso(file, runProgram)).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringContaining('is no CD image'),
    });
    await expect(openIso(join(base, 'none.iso'), runProgram)).rejects.toMatchObject({
      kind: 'environment',
    });
  });
});
