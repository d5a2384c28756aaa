import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Arming } from '../../src/model/boot.ts';
import { openArming } from '../../src/netboot/arming/open-arming.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { makeOrder } from '../helpers/make-order.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lab-armings-'));
  store = await openStore(folder);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const ended = (arming: Arming): Arming => ({ ...arming, state: 'installed' });

describe('the store of armed boots', () => {
  it('gives back what was armed, by its id, by any of its addresses and in lists, newest first', () => {
    const first = openArming(makeOrder({ macs: ['52:54:00:00:00:07', '52:54:00:00:00:17'] }));
    store.armings.arm(first);
    store.armings.update('arming-1', ended);
    const second = openArming(makeOrder({ id: 'arming-2' }));
    store.armings.arm(second);
    expect(store.armings.load('arming-2')).toEqual(second);
    expect(store.armings.load('arming-3')).toBeUndefined();
    expect(store.armings.findByMac('52:54:00:00:00:07')?.order.id).toBe('arming-2');
    expect(store.armings.findByMac('52:54:00:00:00:17')).toEqual(ended(first));
    expect(store.armings.findByMac('52:54:00:00:00:99')).toBeUndefined();
    expect(store.armings.list('all').map(({ order }) => order.id)).toEqual([
      'arming-2',
      'arming-1',
    ]);
    expect(store.armings.list('live').map(({ order }) => order.id)).toEqual(['arming-2']);
  });

  it('refuses to arm a host twice, or another one by the same address, until the first has ended', () => {
    store.armings.arm(openArming(makeOrder()));
    expect(() => store.armings.arm(openArming(makeOrder({ id: 'arming-2', macs: [] })))).toThrow(
      'a07 is armed already',
    );
    const other = openArming(makeOrder({ id: 'arming-3', host: 'a08' }));
    expect(() => store.armings.arm(other)).toThrow(
      'a08 shares the address 52:54:00:00:00:07 with a07, which is armed',
    );
    expect(store.armings.list('all')).toHaveLength(1);
    store.armings.update('arming-1', ended);
    store.armings.arm(other);
    expect(store.armings.list('live')).toEqual([other]);
  });

  it('finds whose token or session a hash is, and nothing by an empty one', () => {
    store.armings.arm(openArming(makeOrder()));
    expect(store.armings.findBySecret('')).toBeUndefined();
    store.armings.update('arming-1', (arming) => ({
      ...arming,
      tokenHash: 'aa',
      sessionHash: 'bb',
    }));
    expect(store.armings.findBySecret('aa')?.order.id).toBe('arming-1');
    expect(store.armings.findBySecret('bb')?.order.id).toBe('arming-1');
    store.armings.update('arming-1', (arming) => ({ ...ended(arming), tokenHash: '' }));
    expect(store.armings.findBySecret('aa')).toBeUndefined();
    expect(store.armings.findBySecret('bb')?.state).toBe('installed');
    expect(store.armings.findBySecret('')).toBeUndefined();
  });

  it('counts up with every change, also of another process, and not where nothing changed', async () => {
    using other = await openStore(folder);
    const seen = [store.armings.version()];
    const note = () => seen.push(store.armings.version());
    other.armings.arm(openArming(makeOrder()));
    note();
    other.armings.update('arming-1', (arming) => arming);
    note();
    other.armings.update('arming-1', (arming) => ({ ...arming, heardAt: arming.heardAt + 1 }));
    note();
    expect(seen.map((version) => version - (seen[0] ?? 0))).toEqual([0, 1, 1, 2]);
  });

  it('loses no change when several processes change one armed boot at once', async () => {
    store.armings.arm(openArming(makeOrder()));
    const program = join(import.meta.dirname, 'programs', 'count-progress.ts');
    const run = () => promisify(execFile)(process.execPath, [program, folder, 'arming-1', '150']);
    await Promise.all([run(), run()]);
    expect(store.armings.load('arming-1')?.progress.doneBytes).toBe(300);
  });

  it('says which armed boot there is not', () => {
    expect(() => store.armings.update('arming-9', (arming) => arming)).toThrow(
      'there is no armed boot arming-9',
    );
  });

  it('keeps the newest alerts only, and no more than some text of each', () => {
    const alert = {
      at: '2026-11-23T08:00:00.000Z',
      address: '10.1.0.9',
      mac: '',
      reason: 'unknown',
    };
    for (let n = 1; n <= 1005; n += 1)
      store.armings.note({ ...alert, asked: `${n} ${'x'.repeat(999)}` });
    const kept = store.armings.loadAlerts();
    expect(kept).toHaveLength(1000);
    expect(kept[0]?.asked.slice(0, 5)).toBe('6 xxx');
    expect(kept.at(-1)?.asked).toHaveLength(300);
  });
});
