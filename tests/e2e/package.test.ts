import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const own = dirname(realpathSync(process.execPath));
const root = join(import.meta.dirname, '..', '..');

describe('the packed package', () => {
  let folder: string;
  let lab: string;

  /** Runs it from another current folder, with just one Node in PATH. */
  function run(nodeFolder: string, ...args: string[]) {
    const PATH = nodeFolder === own ? `${own}:/usr/bin:/bin` : nodeFolder;
    const { status, stdout, stderr } = spawnSync(lab, args, {
      cwd: tmpdir(),
      env: { PATH, HOME: folder },
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lab-package-'));
    spawnSync(process.execPath, ['scripts/build.ts'], { cwd: root, stdio: 'inherit' });
    const pack = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
    const packed = spawnSync('npm', pack, { cwd: root, encoding: 'utf8' });
    expect(packed.status, packed.stderr).toBe(0);
    const [archive = ''] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
    spawnSync('tar', ['-xzf', join(folder, archive), '-C', folder]);
    // As `npm install --global` leaves it: its packages are found above it, and a link stands in the folder of commands.
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    mkdirSync(join(folder, 'bin'));
    lab = join(folder, 'bin', 'lab');
    symlinkSync('../package/bin/lab', lab);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('runs through a link, from any folder, with the Node in PATH', () => {
    expect(run(own, '--version')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    const example = join(root, 'inventories');
    expect(run(own, 'inventory', 'list', 'lab_b', '-i', example)).toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  it('has the suites, and no sources, tests or secrets', () => {
    const files = readdirSync(join(folder, 'package'), { recursive: true, encoding: 'utf8' });
    expect(files).toContain('playbooks/suites/preterm.yaml');
    expect(
      files.filter((file) => /^(?:src|tests|sim|bench|\.lab)(?:\/|$)|\.env$|id_/.test(file)),
    ).toEqual([]);
  });

  it('says what it needs where there is no Node, or an old one', () => {
    const bare = join(folder, 'bare');
    mkdirSync(bare);
    for (const tool of ['sh', 'dirname', 'readlink', 'cat'])
      symlinkSync(`/usr/bin/${tool}`, join(bare, tool));
    const none = run(bare, '--version');
    expect(none).toMatchObject({ status: 7, stdout: '' });
    expect(none.stderr).toContain('there is no node in PATH');
    // A Node that answers as 18 does: it refuses the question whether it is new enough.
    writeFileSync(
      join(bare, 'node'),
      '#!/bin/sh\n[ "$1" = --version ] && echo v18.19.0 && exit 0\nexit 1\n',
      { mode: 0o755 },
    );
    const old = run(bare, '--version');
    expect(old).toMatchObject({ status: 7, stdout: '' });
    expect(old.stderr).toContain('v18.19.0');
  });
});
