import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPinCheck } from '../../../src/netboot/pin/check-pin.ts';
import { issuePin } from '../../../src/netboot/pin/issue-pin.ts';
import { openStore, type Store } from '../../../src/store/store.ts';

let folder = '';
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-pin-'));
  store = await openStore(folder);
});
afterEach(async () => {
  store.close();
  await rm(folder, { recursive: true, force: true });
});

const wish = { room: 'lab_a', minutes: 30, who: 'zhang@office', now: 1000 };
const other = (pin: string): string => (pin === '000000' ? '000001' : '000000');

describe('the PIN of a room', () => {
  it('opens its own room as often as is wished, until its time is over', async () => {
    const { pin, expiresAt } = await issuePin(store.bootPins, wish);
    let now = 2000;
    const check = openPinCheck(store.bootPins, () => now);
    for (let pcs = 0; pcs < 7; pcs += 1) expect(await check(pin, 'lab_a')).toBe('');
    expect(await check(pin, 'lab_b')).toMatch(/does not open lab_b/);
    expect(await check(pin, '')).toMatch(/does not open a PC without a room/);
    now = expiresAt - 1;
    expect(await check(pin, 'lab_a')).toBe('');
    now = expiresAt;
    expect(await check(pin, 'lab_a')).toMatch(/does not open/);
  });

  it('is over after five wrong ones, and a right one in between does not give those back', async () => {
    const { pin } = await issuePin(store.bootPins, wish);
    const check = openPinCheck(store.bootPins, () => 2000);
    for (let wrong = 0; wrong < 4; wrong += 1)
      expect(await check(other(pin), 'lab_a')).toMatch(/does not open/);
    expect(await check(pin, 'lab_a')).toBe('');
    expect(await check(other(pin), 'lab_a')).toMatch(/does not open/);
    expect(await check(pin, 'lab_a')).toMatch(/does not open/);
  });

  it('lets no more guesses through when they come all at once', async () => {
    const { pin } = await issuePin(store.bootPins, wish);
    const check = openPinCheck(store.bootPins, () => 2000);
    const guesses = Array.from({ length: 40 }, () => check(other(pin), 'lab_a'));
    const late = check(pin, 'lab_a');
    expect((await Promise.all(guesses)).every((said) => said !== '')).toBe(true);
    expect(await late).toMatch(/does not open/);
  });

  it('is replaced by the next one', async () => {
    const first = await issuePin(store.bootPins, wish);
    const second = await issuePin(store.bootPins, wish);
    const check = openPinCheck(store.bootPins, () => 2000);
    if (first.pin !== second.pin) expect(await check(first.pin, 'lab_a')).toMatch(/does not open/);
    expect(await check(second.pin, 'lab_a')).toBe('');
    store.bootPins.remove('lab_a');
    expect(await check(second.pin, 'lab_a')).toMatch(/does not open/);
  });

  it('says the same of a wrong PIN, of nonsense and of a room that has none', async () => {
    const { pin } = await issuePin(store.bootPins, wish);
    const check = openPinCheck(store.bootPins, () => 2000);
    const wrong = await check(other(pin), 'lab_a');
    expect(await check('', 'lab_a')).toBe(wrong);
    expect(await check(`${pin} or 1`, 'lab_a')).toBe(wrong);
    expect(await check('9'.repeat(1000), 'lab_a')).toBe(wrong);
    store.bootPins.remove('lab_a');
    expect(await check(pin, 'lab_a')).toBe(wrong);
  });

  it('is kept as a slow hash only, with a salt of its own', async () => {
    const one = await issuePin(store.bootPins, wish);
    await issuePin(store.bootPins, { ...wish, room: 'lab_b' });
    const kept = ['lab_a', 'lab_b'].map((room) => store.bootPins.spendTry(room, 2000));
    expect(kept[0]?.salt).not.toBe(kept[1]?.salt);
    expect(kept[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(kept[0]).toMatchObject({ triesLeft: 4, madeBy: 'zhang@office', madeAt: 1000 });
    expect(JSON.stringify(kept[0])).not.toContain(one.pin);
    store.close();
    const files = await Promise.all(
      ['lab.sqlite', 'lab.sqlite-wal'].map((name) =>
        readFile(join(folder, name), 'latin1').catch(() => ''),
      ),
    );
    expect(files.join('')).toContain('zhang@office');
    expect(files.join('')).not.toContain(one.pin);
  });
});
