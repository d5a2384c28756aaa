import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Context } from '../../../src/cli/context.ts';
import { saveServiceNote } from '../../../src/cli/netboot/service-note.ts';
import { describeNoKeys, judgeKeys } from '../../../src/cli/netboot/technician-keys.ts';
import { findObstacles, requireReady } from '../../../src/cli/reinstall/preflight.ts';

const asked = { profiles: [], hosts: [] };
const steps = {
  findLockout: async () => [],
  findStrangers: async () => [],
  findMissing: async () => [
    { message: 'there is no image lab', hint: 'lab image build debian-12' },
  ],
};

async function inEmptyProject<T>(work: (context: Context) => Promise<T>): Promise<T> {
  const stateFolder = mkdtempSync(join(tmpdir(), 'lab-preflight-'));
  try {
    return await work({ settings: { stateFolder } } as Context);
  } finally {
    rmSync(stateFolder, { recursive: true });
  }
}

it('says at once that no boot service runs and that the image is missing, and arms nothing', () =>
  inEmptyProject(async (context) => {
    const refused = requireReady(context, asked, steps);
    await expect(refused).rejects.toMatchObject({
      message: '2 things are in the way; nothing was armed',
      problems: [
        { message: 'no boot service runs for this project' },
        { message: 'there is no image lab', hint: 'lab image build debian-12' },
      ],
    });
  }));

it('names only what is in the way', () =>
  inEmptyProject(async (context) => {
    const well = { ...steps, findMissing: async () => [] };
    const found = await findObstacles(context, asked, well);
    expect(found.map(({ message }) => message)).toEqual(['no boot service runs for this project']);
  }));

it('names each foreign DHCP server, and that nobody would get into the new systems', () =>
  inEmptyProject(async (context) => {
    const { stateFolder } = context.settings;
    const note = { url: 'http://127.0.0.1:9', interface: 'lan', mode: 'proxy', pid: 1 } as const;
    await saveServiceNote(stateFolder, { ...note, startedAt: '', sshKeys: [] });
    const found = await findObstacles(context, asked, {
      findStrangers: async () => ['10.1.1.66 gives addresses', '10.1.1.67 gives addresses'],
      findLockout: async ({ sshKeys = ['one'] }) => describeNoKeys(sshKeys),
      findMissing: async () => [],
    });
    expect(found.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
      expect.stringContaining(
        'environment: the boot service at http://127.0.0.1:9 does not answer',
      ),
      'environment: no public SSH key was found: new systems would let nobody in',
      'refused: 10.1.1.66 gives addresses',
      'refused: 10.1.1.67 gives addresses',
    ]);
  }));

describe('the keys of new systems', () => {
  const key = 'ssh-ed25519 AAAAC3Nza';
  it.each([
    ['are mine, whatever their names', [`${key} service`], [`${key} me`], false, 0],
    ['are none', [], [`${key} me`], true, 1],
    ["are another account's", [`${key} root`], ['ssh-ed25519 AAAAB me'], false, 1],
    ['are not mine, as I have none', [`${key} root`], [], false, 1],
    ['may be in my agent', [`${key} root`], [], true, 0],
  ])('%s', (_, given, own, hasAgent, troubles) => {
    expect(judgeKeys(given, own, hasAgent)).toHaveLength(troubles);
  });
});

it('lets what nobody foresaw through', () =>
  inEmptyProject(async (context) => {
    const broken = { ...steps, findMissing: () => Promise.reject(new TypeError('a bug')) };
    await expect(findObstacles(context, asked, broken)).rejects.toThrow('a bug');
  }));
