import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Context } from '../../../src/cli/context.ts';
import { findObstacles, requireReady } from '../../../src/cli/reinstall/preflight.ts';

const steps = {
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
    const refused = requireReady(context, { profiles: [] }, steps);
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
    const found = await findObstacles(context, { profiles: [] }, well);
    expect(found.map(({ message }) => message)).toEqual(['no boot service runs for this project']);
  }));

it('lets what nobody foresaw through', () =>
  inEmptyProject(async (context) => {
    const broken = { ...steps, findMissing: () => Promise.reject(new TypeError('a bug')) };
    await expect(findObstacles(context, { profiles: [] }, broken)).rejects.toThrow('a bug');
  }));
