import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Context } from '../../../src/cli/context.ts';
import { openProof } from '../../../src/cli/reinstall/prove-system.ts';
import { type Connect, Unreachable } from '../../../src/model/connection.ts';
import type { ProofWish } from '../../../src/netboot/reinstall/effects.ts';
import { brokenConnect, scriptedConnect } from '../../helpers/fake-connections.ts';
import { makeHost } from '../../helpers/make-host.ts';
import { makeProfile } from '../../helpers/make-profile.ts';

const programFolder = join(import.meta.dirname, '..', '..', '..', 'src');

async function prove(connect: Connect) {
  const context = {
    io: { programFolder, now: Date.now },
    settings: { folder: join(programFolder, 'none') },
    connect,
  } as Partial<Context> as Context;
  const proof = await openProof(context, new Map([['a07', makeProfile()]]));
  const wish = {
    ...{ host: makeHost('a07'), address: '10.1.1.77', arming: { told: {} } },
    row: { host: 'a07', disk: { by: 'only' } },
  } as unknown as ProofWish;
  return proof(wish, new AbortController().signal);
}

describe('what a new system says of itself', () => {
  it.each(['refused', 'reset', 'timeout', 'banner-timeout', 'no-route'] as const)(
    'is not there yet while its SSH server is away: %s',
    async (reason) => {
      const said = await prove(brokenConnect(new Unreachable(reason, 'away')));
      expect(said).toMatchObject({ unanswered: true });
    },
  );

  it.each(['auth-failed', 'host-key-changed'] as const)(
    'counts where another system answers in its place: %s',
    async (reason) => {
      const said = await prove(brokenConnect(new Unreachable(reason, 'no')));
      expect(said).toMatchObject({ unanswered: false });
    },
  );

  it('counts where it answers and is not what was promised', async () => {
    const { connect } = scriptedConnect(() => ({ exitCode: 127, stderr: 'sh: not found' }));
    expect(await prove(connect)).toMatchObject({ unanswered: false });
  });
});
