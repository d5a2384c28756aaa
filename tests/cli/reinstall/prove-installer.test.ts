import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Context } from '../../../src/cli/context.ts';
import { openProof } from '../../../src/cli/reinstall/prove-system.ts';
import type { ProofWish } from '../../../src/netboot/reinstall/effects.ts';
import { makeHost } from '../../helpers/make-host.ts';
import { makeProfile } from '../../helpers/make-profile.ts';
import { describeInRoots, openThrowawayRoot } from '../../helpers/throwaway-root.ts';

const folder = mkdtempSync(join(tmpdir(), 'lab-prove-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, 'playbooks', 'suites'), { recursive: true });
writeFileSync(
  join(folder, 'playbooks', 'suites', 'stamp.yaml'),
  'name: stamp\ntitle: What was installed\nchecks: [image-stamp]\n',
);
const { profile } = makeProfile();
/** A profile of the site, made of one of the catalog. */
const chosen = makeProfile({
  ...{ name: 'exam', suite: 'stamp' },
  profile: { ...profile, name: 'rocky-9', kind: 'installer' },
});

/** Proves a system whose mark is this. */
async function prove(mark: string) {
  const root = await openThrowawayRoot({ base: '/' });
  try {
    root.run(`mkdir -p /etc/labkit; printf '%s\\n' '${mark}' >/etc/labkit/image`);
    const context = {
      io: { programFolder: join(import.meta.dirname, '..', '..', '..', 'src'), now: Date.now },
      settings: { folder },
      connect: () => root.connect(),
    } as unknown as Context;
    const proof = await openProof(context, new Map([['a07', chosen]]));
    const wish = {
      ...{ host: makeHost('a07'), address: '', arming: { told: {} } },
      row: { host: 'a07', disk: { by: 'only' } },
    } as unknown as ProofWish;
    return await proof(wish, new AbortController().signal);
  } finally {
    await root.close();
  }
}

describeInRoots('a system that an installer brought', () => {
  it('is proven by the name of the catalog profile that it left', async () => {
    expect(await prove('rocky-9 -')).toEqual({ evidence: 'image-stamp' });
  });

  it.each([
    ['another installer left its name', 'uos -', 'image-stamp fail: uos -'],
    [
      'it was written from an image',
      `rocky-9 ${'a'.repeat(64)}`,
      'image-stamp fail: rocky-9 aaaaaaaaaaaa',
    ],
    ['it has no name', ' -', 'image-stamp unknown: cannot tell the stamp of its image from: -'],
  ])('is not proven where %s', async (_, mark, reason) => {
    expect(await prove(mark)).toMatchObject({ reason });
  });
});
