import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import git from '../../../src/catalog/modules/git.ts';
import type { ModuleResult } from '../../../src/model/module.ts';
import type { Value } from '../../../src/model/value.ts';
import { openModuleRig } from '../../helpers/run-module.ts';
import {
  openThrowawayRoot,
  rootsMissing,
  type ThrowawayRoot,
} from '../../helpers/throwaway-root.ts';

// The base system of the simulated PCs has no git, so the root lies over this machine's own system.
const missing = rootsMissing();
const inCi = process.env['CI'] === 'true';
if (missing !== '' && !inCi) console.warn(`SKIPPED, not tested: the git module (${missing})`);

let root: ThrowawayRoot;
beforeAll(async () => {
  if (missing === '') root = await openThrowawayRoot({ base: '/' });
});
afterAll(() => root?.close());

function sh(script: string): string {
  const { exitCode, output } = root.run(`set -e\n${script}`);
  expect(exitCode, output).toBe(0);
  return output.trim();
}

async function run(args: { [name: string]: Value }, checkMode = false): Promise<ModuleResult> {
  const rig = openModuleRig(() => root.connect(), { checkMode });
  try {
    return await rig.run({ module: git, args });
  } finally {
    await rig.close();
  }
}

const commit = (message: string) =>
  `git -c user.name=a -c user.email=a@example.org commit -q -m ${message}`;

/** A repository with a branch, a tag and a submodule; answers the folder. */
function makeRepo(name: string): string {
  const folder = `/srv/${name}`;
  sh(`export HOME=/root
git config --global init.defaultBranch main
git config --global protocol.file.allow always
git config --global safe.directory '*'
mkdir -p ${folder} && cd ${folder}
git init -q inner && cd inner && echo s >s && git add s && ${commit('inner')}
cd .. && git init -q work && cd work
echo one >file && git add file && ${commit('one')} && git tag v1
git checkout -q -b dev && echo dev >dev && git add dev && ${commit('dev')}
git checkout -q main && echo two >file && git add file && ${commit('two')}
git submodule -q add ${folder}/inner inner && ${commit('sub')}
git clone -q --bare ${folder}/work ${folder}/bare`);
  return folder;
}

describe.skipIf(missing !== '' && !inCi)('the git module', () => {
  it('clones with submodules, then finds nothing new, then what was pushed', async () => {
    const folder = makeRepo('a');
    const args = { repo: `${folder}/bare`, dest: '/srv/copies/a' };
    expect(await run(args, true)).toMatchObject({ changed: true, values: { before: null } });
    sh('test ! -e /srv/copies/a');
    const head = sh(`git -C ${folder}/bare rev-parse main`);
    expect(await run(args)).toMatchObject({ changed: true, values: { before: null, after: head } });
    expect(sh('cat /srv/copies/a/inner/s')).toBe('s');
    expect(await run(args)).toMatchObject({
      changed: false,
      values: { before: head, after: head },
    });
    sh(
      `cd ${folder}/work && echo three >file && git add file && ${commit('three')} && git push -q ../bare main`,
    );
    const next = sh(`git -C ${folder}/bare rev-parse main`);
    const moved = { changed: true, values: { before: head, after: next } };
    expect(await run(args, true)).toMatchObject(moved);
    expect(await run(args)).toMatchObject(moved);
    expect(sh('cat /srv/copies/a/file')).toBe('three');
  });

  it('checks branches and tags out, also of a copy with little history', async () => {
    const folder = makeRepo('b');
    const args = { repo: `${folder}/bare`, dest: '/srv/copies/b', depth: 1 };
    for (const version of ['dev', 'main', 'v1', 'dev']) {
      const after = sh(`git -C ${folder}/bare rev-parse ${version}`);
      expect(await run({ ...args, version })).toMatchObject({ changed: true, values: { after } });
      expect(await run({ ...args, version })).toMatchObject({ changed: false });
    }
  });

  it('keeps what somebody changed in the copy unless force is set', async () => {
    const folder = makeRepo('c');
    const args = { repo: `${folder}/bare`, dest: '/srv/copies/c' };
    await run(args);
    sh('echo mine >/srv/copies/c/file');
    const msg = 'Local modifications exist in the destination: /srv/copies/c (force=no).';
    expect(await run(args, true)).toMatchObject({ failed: true, msg });
    expect(await run(args)).toMatchObject({ failed: true, msg });
    expect(sh('cat /srv/copies/c/file')).toBe('mine');
    expect(await run({ ...args, force: true }, true)).toMatchObject({ changed: true });
    expect(await run({ ...args, force: true })).toMatchObject({ changed: true });
    expect(await run({ ...args, force: true })).toMatchObject({ changed: false });
  });

  it('clones bare, leaves a copy alone without update, and follows another address', async () => {
    const folder = makeRepo('d');
    const repo = `${folder}/bare`;
    expect(await run({ repo, dest: '/srv/copies/d.git', bare: true })).toMatchObject({
      changed: true,
    });
    expect(await run({ repo, dest: '/srv/copies/d.git', bare: true })).toMatchObject({
      changed: false,
    });
    await run({ repo, dest: '/srv/copies/d', version: 'v1' });
    const still = await run({ repo, dest: '/srv/copies/d', update: false });
    expect(still).toMatchObject({ changed: false });
    const other = { repo: `${folder}/work`, dest: '/srv/copies/d' };
    expect(await run(other, true)).toMatchObject({
      changed: true,
      values: { remote_url_changed: true },
    });
    expect(await run(other)).toMatchObject({ changed: true, values: { remote_url_changed: true } });
    expect(await run(other)).toMatchObject({ changed: false });
  });

  it('says which version or repository is not there', async () => {
    const folder = makeRepo('e');
    const dest = '/srv/copies/e';
    expect(await run({ repo: `${folder}/bare`, dest, version: 'nosuch' })).toMatchObject({
      failed: true,
      msg: expect.stringMatching(/^Failed to checkout nosuch/),
    });
    expect(await run({ repo: `${folder}/nosuch`, dest: `${dest}2` })).toMatchObject({
      failed: true,
      msg: expect.stringMatching(/does not appear to be a git repository/),
    });
  });

  it('takes a destination with any characters for a name alone', async () => {
    const folder = makeRepo('f');
    const dest = "/srv/copies/it's $(touch owned) ü";
    expect(await run({ repo: `${folder}/bare`, dest })).toMatchObject({ changed: true });
    expect(await run({ repo: `${folder}/bare`, dest })).toMatchObject({ changed: false });
    expect(sh('ls /srv/copies; ls')).not.toContain('owned\n');
  });
});
