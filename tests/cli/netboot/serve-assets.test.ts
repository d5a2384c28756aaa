import { mkdtempSync } from 'node:fs';
import { appendFile, cp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bootFolders } from '../../../src/cli/netboot/boot-folders.ts';
import { openServedAssets } from '../../../src/cli/netboot/serve-assets.ts';
import { describeStaleSystem } from '../../../src/cli/netboot/stale-system.ts';
import { lineOf } from '../../../src/cli/netboot/trouble.ts';
import type { AssetWish, ChosenProfile } from '../../../src/model/profile.ts';
import { makeSystem } from '../../helpers/make-system.ts';

let stateFolder = '';
beforeEach(() => {
  stateFolder = mkdtempSync(join(tmpdir(), 'lab-served-'));
});
afterEach(() => rm(stateFolder, { recursive: true, force: true }));

const own = (file: 'vmlinuz' | 'initrd.img'): AssetWish => ({
  ...{ name: file, sha256: '' },
  sources: [{ from: 'deployment-system', file }],
});
const chosenWith = (name: string, wishes: readonly AssetWish[]) =>
  ({ name, options: {}, profile: { assets: () => wishes } }) as unknown as ChosenProfile;
const open = () => openServedAssets(bootFolders({ stateFolder }));

describe('the files of a profile', () => {
  it('that are not here are told all at once, by the command that brings them', async () => {
    const chosen = chosenWith('mixed', [
      own('vmlinuz'),
      own('initrd.img'),
      { name: 'linux', sha256: 'a'.repeat(64), sources: [{ from: 'url', url: 'http://m/linux' }] },
      { name: 'boot.wim', sha256: '', sources: [{ from: 'iso', iso: 'W', path: 'b' }] },
      { name: 'wimboot', sha256: '', sources: [{ from: 'url', url: 'http://m/wimboot' }] },
    ]);
    expect((await open().prepare(chosen)).map(lineOf)).toEqual([
      'vmlinuz, initrd.img of the profile mixed are not here: lab image build-system',
      'linux of the profile mixed is not here: lab netboot assets fetch --profile mixed',
      'boot.wim of the profile mixed is not here: lab netboot assets add FILE.iso --profile mixed',
      'wimboot of the profile mixed is not here: lab netboot assets add FILE --profile mixed --asset wimboot',
    ]);
  });

  it('are no longer served once one is altered, which is said with what to do', async () => {
    const { deploymentSystem } = bootFolders({ stateFolder });
    await makeSystem(deploymentSystem);
    const chosen = chosenWith('rescue', [own('vmlinuz'), own('initrd.img')]);
    const assets = open();
    expect(await assets.prepare(chosen)).toEqual([]);
    expect(assets.ofProfile(chosen, 'initrd.img')).toBeDefined();
    await writeFile(join(deploymentSystem, 'initrd.img'), 'another');
    const [said = '', ...more] = (await assets.prepare(chosen)).map(lineOf);
    expect(more).toEqual([]);
    expect(said).toMatch(/^initrd\.img was altered: .*: make it again: lab image build-system$/);
    expect(assets.ofProfile(chosen, 'initrd.img')).toBeUndefined();
    expect(assets.ofProfile(chosen, 'vmlinuz')).toBeDefined();
  });

  it('are there for one PC while they are verified again for the next', async () => {
    await makeSystem(bootFolders({ stateFolder }).deploymentSystem);
    const chosen = chosenWith('rescue', [own('vmlinuz'), own('initrd.img')]);
    const assets = open();
    await assets.prepare(chosen);
    const again = assets.prepare(chosen);
    expect(assets.ofProfile(chosen, 'vmlinuz')).toBeDefined();
    expect(await again).toEqual([]);
  });

  it('are said to be of another version where the deployment system is, by who made it last', async () => {
    const folders = bootFolders({ stateFolder });
    const chosen = chosenWith('rescue', [own('vmlinuz')]);
    const source = join(import.meta.dirname, '../../../src');
    const say = async (programs: string, one = chosen) =>
      (await describeStaleSystem(folders, programs, one)).map(lineOf);
    expect(await say(source)).toEqual([]);
    await makeSystem(folders.deploymentSystem);
    expect(await say(source)).toEqual([]);
    const other = join(stateFolder, 'other');
    const programs = join('imaging', 'deployment', 'target');
    await cp(join(source, programs), join(other, programs), { recursive: true });
    await appendFile(join(other, programs, 'main.sh'), '# changed\n');
    expect(await say(other)).toEqual([
      'the deployment system was made by another version of Labkit: lab image build-system',
    ]);
    expect(await say(other, chosenWith('windows-11', []))).toEqual([]);
  });
});
