import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMenuHolds } from '../../../src/cli/netboot/hold-menu-hosts.ts';
import { foldArming } from '../../../src/netboot/arming/fold-arming.ts';
import { openArming } from '../../../src/netboot/arming/open-arming.ts';
import { openStore, type Store } from '../../../src/store/store.ts';
import { armedAt, makeOrder } from '../../helpers/make-order.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lab-holds-'));
  store = await openStore(folder);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const another = { who: 'li@office', since: '2026-11-23T07:00:00.000Z', run: 'r2' };
const order = makeOrder();
const noNews = {
  say(text: string) {
    throw new Error(text);
  },
  onInstalled() {
    throw new Error('nothing was installed');
  },
};

describe('a host that was armed from its menu', () => {
  it('is held until its armed boot has come to its end', async () => {
    const holds = await openMenuHolds(store, noNews);
    await holds.hold(order);
    store.armings.arm(openArming(order));
    await holds.release();
    await expect(store.takeLock('a07', another)).rejects.toThrow(
      'a07 is locked by the boot menu since 2026-11-23T08:00:00.000Z (run run-1,',
    );
    store.armings.update(order.id, (arming) =>
      foldArming(arming, { type: 'disarmed', at: armedAt + 1, who: 'li' }),
    );
    await holds.release();
    await using _held = await store.takeLock('a07', another);
  });

  it('is gone on with once it is installed and let go, and only once', async () => {
    const free: Promise<AsyncDisposable>[] = [];
    const onInstalled = () => free.push(store.takeLock('a07', another));
    const holds = await openMenuHolds(store, { ...noNews, onInstalled });
    await holds.hold(order);
    store.armings.arm({ ...openArming(order), state: 'installed', stage: 'installed' });
    await holds.release();
    await holds.release();
    expect(free).toHaveLength(1);
    await using _held = await free[0];
  });

  it('is refused while a run holds it, with who and since when', async () => {
    const holds = await openMenuHolds(store, noNews);
    await using _held = await store.takeLock('a07', another);
    await expect(holds.hold(order)).rejects.toThrow(
      'a07 is locked by li@office since 2026-11-23T07:00:00.000Z (run r2,',
    );
  });

  it('is let go where it could not be armed, and when the service ends', async () => {
    const holds = await openMenuHolds(store, noNews);
    await holds.hold(order);
    await holds.release();
    await holds.hold(order);
    await holds.close();
    await using _held = await store.takeLock('a07', another);
  });

  it('is held again by a service that was started anew; one that a run has armed is not', async () => {
    store.armings.arm(openArming(order));
    const ofRun = makeOrder({ id: 'two', run: 'r1', host: 'a08', macs: ['52:54:00:00:00:08'] });
    store.armings.arm(openArming(ofRun));
    store.append({
      ...{ type: 'run.finished', run: 'r1', seq: 1, at: another.since },
      ...{ outcome: 'finished', totals: {} },
    });
    store.flush();
    const holds = await openMenuHolds(store, noNews);
    await expect(store.takeLock('a07', another)).rejects.toThrow('the boot menu');
    await using _held = await store.takeLock('a08', another);
    await holds.close();
  });

  it('that somebody has taken meanwhile is left to them, and said', async () => {
    store.armings.arm(openArming(order));
    await using _held = await store.takeLock('a07', another);
    const said: string[] = [];
    await openMenuHolds(store, { ...noNews, say: (text) => said.push(text) });
    expect(said).toEqual([expect.stringContaining('a07 is locked by li@office since')]);
  });
});
