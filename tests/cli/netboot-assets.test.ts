import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { runLab } from '../helpers/memory-io.ts';

const base = mkdtempSync(join(tmpdir(), 'lab-assets-cli-'));
afterAll(() => rm(base, { recursive: true, force: true }));
let project = '';
beforeEach(async () => {
  project = mkdtempSync(join(base, 'project-'));
  await writeFile(join(project, 'lab.yaml'), 'lang: en\n');
});
const lab = (...args: string[]) => runLab(args, { cwd: project });

async function makeIso(label: string, files: readonly string[]): Promise<string> {
  const tree = mkdtempSync(join(base, 'tree-'));
  for (const file of files) {
    await mkdir(dirname(join(tree, file)), { recursive: true });
    await writeFile(join(tree, file), `content of ${file}`);
  }
  const iso = join(project, `${label}.iso`);
  const args = ['-as', 'mkisofs', '-quiet', '-R', '-J', '-V', label, '-o', iso, tree];
  expect(spawnSync('xorriso', args).status).toBe(0);
  return iso;
}

const windows = ['sources/boot.wim', 'boot/bcd', 'boot/boot.sdi', 'setup.exe'];

async function assetsOf(profile: string) {
  const { stdout } = await lab('netboot', 'assets', 'list', '--profile', profile, '-o', 'json');
  const { assets } = JSON.parse(stdout) as { assets: { asset: string; state: string }[] };
  return Object.fromEntries(assets.map(({ asset, state }) => [asset, state]));
}

describe('lab netboot assets', () => {
  it('takes what a profile needs out of an ISO, pins it, and lists it', async () => {
    const iso = await makeIso('CCCOMA', windows);
    const added = await lab('netboot', 'assets', 'add', iso, '--profile', 'windows-11');
    expect(added).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await assetsOf('windows-11')).toEqual({
      wimboot: 'unpinned',
      BCD: 'ok',
      'boot.sdi': 'ok',
      'boot.wim': 'ok',
    });
    const loader = join(project, 'wimboot');
    await writeFile(loader, 'a boot loader');
    const more = ['--profile', 'windows-11', '--asset', 'wimboot'];
    expect((await lab('netboot', 'assets', 'add', loader, ...more)).exitCode).toBe(0);
    expect((await assetsOf('windows-11'))['wimboot']).toBe('ok');
    const left = await readdir(join(project, '.lab', 'assets'));
    expect(left.filter((name) => name.startsWith('.iso-'))).toEqual([]);
  });

  it('refuses an ISO that is not Windows, saying what it is, and keeps nothing of it', async () => {
    const iso = await makeIso('Debian 12.8.0', ['.disk/info', 'install.amd/vmlinuz']);
    const { exitCode, stderr } = await lab(
      'netboot',
      'assets',
      'add',
      iso,
      '--profile',
      'windows-11',
    );
    expect(exitCode).toBe(3);
    expect(stderr).toContain('this ISO is not for windows-11: it is Debian ("Debian 12.8.0")');
    expect((await assetsOf('windows-11'))['boot.wim']).toBe('unpinned');
  });

  it('verifies by reading: an altered file is named, with what to do', async () => {
    const file = join(project, 'linux');
    await writeFile(file, 'a kernel');
    const more = ['--profile', 'rocky-9', '--asset', 'vmlinuz'];
    const { stdout } = await lab('netboot', 'assets', 'add', file, ...more);
    const sha256 = stdout.trim().split(' ')[1] ?? '';
    expect((await lab('netboot', 'assets', 'verify')).exitCode).toBe(0);
    await writeFile(join(project, '.lab', 'assets', sha256), 'a kernem');
    const verified = await lab('netboot', 'assets', 'verify', '--profile', 'rocky-9');
    expect(verified.exitCode).toBe(2);
    expect(verified.stdout).toContain('altered');
    expect(verified.stdout).toContain('delete the file');
    expect((await assetsOf('rocky-9'))['vmlinuz']).toBe('altered');
  });

  it('says for each file why it could not be fetched', async () => {
    const { exitCode, stderr } = await lab('netboot', 'assets', 'fetch', '--profile', 'debian-12');
    expect(exitCode).toBe(7);
    expect(stderr).toContain('vmlinuz could not be fetched');
    expect(stderr).toContain('lab image build-system');
  });

  it('refuses an unknown action, profile and asset', async () => {
    expect((await lab('netboot', 'assets', 'sing')).exitCode).toBe(5);
    expect((await lab('netboot', 'assets', 'list', '--profile', 'debain')).exitCode).toBe(5);
    expect((await lab('netboot', 'assets', 'add', 'x')).exitCode).toBe(5);
    const file = join(project, 'lab.yaml');
    const more = ['--profile', 'rocky-9', '--asset', 'kernel'];
    expect((await lab('netboot', 'assets', 'add', file, ...more)).stderr).toContain(
      'rocky-9 needs no asset "kernel"',
    );
  });
});

describe('profiles of the site', () => {
  it('are listed beside the catalog, with their own pins', async () => {
    await mkdir(join(project, 'playbooks', 'profiles'), { recursive: true });
    await writeFile(
      join(project, 'playbooks', 'profiles', 'exam.yaml'),
      `base: rocky-9\nassets: { vmlinuz: { sha256: ${'a'.repeat(64)}, file: ../../linux } }\n`,
    );
    expect(await assetsOf('exam')).toEqual({ vmlinuz: 'missing', 'initrd.img': 'unpinned' });
  });

  it('have the problems of all files told at once, with their places', async () => {
    const folder = join(project, 'playbooks', 'profiles');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'a.yaml'), 'base: rocky-8\n');
    await writeFile(join(folder, 'b.yaml'), 'base: uos\n');
    await writeFile(join(folder, 'c.yaml'), '');
    const { exitCode, stderr } = await lab('netboot', 'assets', 'list');
    expect(exitCode).toBe(3);
    expect(stderr).toContain('playbooks/profiles/a.yaml:1:7');
    expect(stderr).toContain('did you mean "rocky-9"?');
    expect(stderr).toContain('uos has no public mirror');
    expect(stderr).toContain('playbooks/profiles/c.yaml:1:1');
    expect(await readFile(join(folder, 'b.yaml'), 'utf8')).toBe('base: uos\n');
  });
});

describe('lab image', () => {
  it('says that there is none yet, and refuses what it cannot make before it makes anything', async () => {
    expect((await lab('image', 'list')).stdout).toContain('lab image build debian-12');
    expect((await lab('image', 'verify')).stdout).toContain('lab image build debian-12');
    const cases: [string[], string][] = [
      [['debian-21'], 'no image of debian-21'],
      [['debian-12', '--name', '../x'], 'an image cannot be called'],
      [['debian-12', '--packages', 'vim,$(x)'], '"$(x)" is no package'],
      [['debian-12', '--mirror', 'ftp://m'], 'is not the URL of a mirror'],
      [['debian-12', '--locales', 'zh'], '"zh" is no locale'],
      [['debian-12', '--packages', './none.txt'], 'cannot read ./none.txt'],
    ];
    for (const [args, message] of cases) {
      const { exitCode, stderr } = await lab('image', 'build', ...args);
      expect([exitCode === 0, stderr.includes(message)], stderr).toEqual([false, true]);
    }
    expect(await readdir(project)).not.toContain('.lab');
  });
});
