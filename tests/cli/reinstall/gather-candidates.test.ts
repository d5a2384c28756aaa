import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Context } from '../../../src/cli/context.ts';
import { gatherCandidates } from '../../../src/cli/reinstall/gather-candidates.ts';
import { type Connect, Unreachable } from '../../../src/model/connection.ts';
import { openArming } from '../../../src/netboot/arming/open-arming.ts';
import { openStore, type Store } from '../../../src/store/store.ts';
import { scriptedConnect } from '../../helpers/fake-connections.ts';
import { makeHost } from '../../helpers/make-host.ts';
import { armedAt, makeOrder } from '../../helpers/make-order.ts';
import { playTarget, type TargetMove } from '../../helpers/play-target.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lab-gather-'));
  store = await openStore(folder);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const refusing: Connect = async () => {
  throw new Unreachable('refused', 'a07 refuses connections');
};
const unknown = { usersUnknown: 'a07 refuses connections' };
const minuteMs = 60_000;

async function gather(connect: Connect, now = armedAt) {
  const context = { flags: {}, io: { now: () => now } } as unknown as Context;
  const [candidate] = await gatherCandidates(context, [makeHost('a07')], {
    ...{ store, connect, profiles: { choose: () => undefined } },
    identity: { run: 'r1', who: 'li', since: '' },
  });
  return candidate;
}

function playArmed(...moves: readonly TargetMove[]) {
  store.armings.arm(openArming(makeOrder()));
  playTarget(store.armings, 'a07', moves, () => armedAt);
}

describe('what is known of a host that may be reinstalled', () => {
  it('is that nobody can tell who is logged in where something answers and refuses', async () => {
    expect(await gather(refusing)).toMatchObject(unknown);
  });

  it('is that nobody is where its deployment system told a moment ago that it failed: it shows so until it is switched off', async () => {
    playArmed('dhcp', 'script', 'answers', 'wrong-disk');
    const lately = await gather(refusing, armedAt + 29 * minuteMs);
    expect(lately).toMatchObject({ users: [] });
    expect(lately?.usersUnknown).toBeUndefined();
    expect(await gather(refusing, armedAt + 31 * minuteMs)).toMatchObject(unknown);
  });

  it('is still what the host itself says where it answers', async () => {
    playArmed('dhcp', 'script', 'answers', 'wrong-disk');
    const { connect } = scriptedConnect(() => ({ stdout: 'li tty2 2026-11-23 08:00\n' }));
    expect(await gather(connect)).toMatchObject({ users: ['li'] });
  });

  it('stays open where the PC failed before it was there, or was given up', async () => {
    playArmed('dhcp', 'mismatch');
    expect(await gather(refusing)).toMatchObject(unknown);
  });
});
