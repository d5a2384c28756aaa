import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BootOrder } from '../../src/model/boot.ts';
import { openArming } from '../../src/netboot/arming/open-arming.ts';
import { digestProfile } from '../../src/netboot/profile-digest.ts';
import {
  type BootFault,
  type BootMove,
  type Fate,
  powerOn,
  powerOnInstaller,
} from '../helpers/boot-client.ts';
import {
  countWrites,
  isDiskWritten,
  loadChosen,
  makeBootProject,
  makePlayedPc,
  serveProject,
} from '../helpers/boot-project.ts';
import { makeOrder } from '../helpers/make-order.ts';

let folder: string;
let service: Awaited<ReturnType<typeof serveProject>>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lab-boot-client-'));
  await makeBootProject(folder);
  service = await serveProject(folder);
});
afterEach(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

async function arm(order: Partial<BootOrder> = {}): Promise<void> {
  const profileDigest = digestProfile(await loadChosen(folder));
  const armedAt = Date.now();
  const times = { armedAt, expiresAt: armedAt + 3_600_000 };
  service.store.armings.arm(openArming(makeOrder({ profileDigest, ...times, ...order })));
}

const load = () => service.store.armings.load('arming-1');

/** Lets a fault befall the nth request of a kind. */
function once(move: BootMove, fault: BootFault, nth = 1): Fate {
  let met = 0;
  return (now) => {
    if (now !== move) return undefined;
    met += 1;
    return met === nth ? fault : undefined;
  };
}

describe('a played PC at the boot service', () => {
  it('boots its disk when nobody armed it, and writes nothing', async () => {
    expect(await powerOn(makePlayedPc(folder, service.url))).toBe('local');
    expect(countWrites(folder)).toBe(0);
  });

  it('is installed when it is armed, and boots its disk at the next power-on', async () => {
    await arm();
    const pc = makePlayedPc(folder, service.url);
    expect(await powerOn(pc)).toBe('installed');
    expect(await isDiskWritten(folder)).toBe(true);
    expect(load()).toMatchObject({ state: 'installed', hostKeys: [pc.hostKey] });
    expect(load()?.stages.map(({ stage }) => stage)).toEqual([
      ...['armed', 'loader', 'script', 'identity', 'kernel', 'answers', 'writing', 'installed'],
    ]);
    expect(await powerOn(pc)).toBe('local');
    expect(countWrites(folder)).toBe(1);
  });

  const moves: readonly BootMove[] = [
    ...['greet', 'script', 'asset', 'job', 'report kernel', 'report writing', 'chunk'],
    'report installed',
  ] as readonly BootMove[];

  it.each(moves)(
    'is installed once though the reply to its %s is lost or the request comes twice',
    async (move) => {
      await arm();
      const pc = makePlayedPc(folder, service.url);
      expect(await powerOn(pc, once(move, 'lose'))).toBe('installed');
      expect(await isDiskWritten(folder)).toBe(true);
      expect(await powerOn(pc, once(move, 'repeat'))).toBe('local');
      expect(countWrites(folder)).toBe(1);
    },
  );

  it.each(['greet', 'script', 'asset'] as const)(
    'is installed at its second power-on when the first was cut at its %s',
    async (move) => {
      await arm();
      const pc = makePlayedPc(folder, service.url);
      expect(await powerOn(pc, once(move, 'cut-behind'))).toBe('cut');
      expect(await powerOn(pc)).toBe('installed');
      expect(countWrites(folder)).toBe(1);
    },
  );

  it.each([
    ['job', 1, 'kernel'],
    ['report writing', 1, 'writing'],
    ['chunk', 4, 'writing'],
  ] as const)(
    'fails and boots its disk when it was cut behind its %s number %d',
    async (move, nth, stage) => {
      await arm();
      const pc = makePlayedPc(folder, service.url);
      expect(await powerOn(pc, once(move, 'cut-behind', nth))).toBe('cut');
      expect([await powerOn(pc), await powerOn(pc)]).toEqual(['local', 'local']);
      expect(load()).toMatchObject({ state: 'failed', stage });
      expect(countWrites(folder)).toBeLessThan(2);
    },
  );

  it('boots its disk when the power failed behind its last report', async () => {
    await arm();
    const pc = makePlayedPc(folder, service.url);
    expect(await powerOn(pc, once('report installed', 'cut-behind'))).toBe('cut');
    expect(load()?.state).toBe('installed');
    expect(await powerOn(pc)).toBe('local');
  });

  it('is stopped before the next chunk when its host was disarmed', async () => {
    await arm();
    let chunks = 0;
    const end = await powerOn(makePlayedPc(folder, service.url), (move) => {
      if (move === 'chunk') chunks += 1;
      if (chunks === 3)
        service.store.armings.update('arming-1', (arming) => ({
          ...{ ...arming, state: 'disarmed', reason: 'disarmed by li', tokenHash: '' },
        }));
      return undefined;
    });
    expect(end).toMatch(/^stopped: disarmed by li|^refused: 410/);
    expect(chunks).toBeLessThan(5);
  });

  it.each([
    ['another UUID', { uuid: 'aaaaaaaa-2222-3333-4444-555555555507' }],
    ['another serial number', { serial: 'SN08' }],
  ])('gets its disk and nothing else with %s', async (_, more) => {
    await arm();
    expect(await powerOn(makePlayedPc(folder, service.url, more))).toBe('local');
    expect(load()).toMatchObject({ state: 'failed', stage: 'identity' });
    expect(countWrites(folder)).toBe(0);
  });

  it('is installed by an installer that reports by plain requests, and boots its disk afterwards', async () => {
    await arm();
    const pc = makePlayedPc(folder, service.url);
    const fate = once('report installed', 'repeat');
    expect(await powerOnInstaller(pc, 'preseed.cfg', fate)).toBe('installed');
    expect(load()).toMatchObject({ state: 'installed', answersRead: ['preseed.cfg'] });
    expect(await powerOnInstaller(pc, 'preseed.cfg')).toBe('local');
    expect(countWrites(folder)).toBe(1);
  });

  it('reads its answer file once: an installer that lost the reply, or is another, gets nothing', async () => {
    await arm();
    const pc = makePlayedPc(folder, service.url);
    const end = await powerOnInstaller(pc, 'preseed.cfg', once('answers', 'lose'));
    expect(end).toBe('refused: 410 this token is used, out of date, or not yours');
    expect(await powerOnInstaller(pc, 'preseed.cfg')).toBe('local');
    expect(countWrites(folder)).toBe(0);
  });

  it('gets no answer at another address than its boot script was given to', async () => {
    await arm();
    const pc = makePlayedPc(folder, service.url);
    const moved = { ...pc };
    const end = await powerOnInstaller(moved, 'preseed.cfg', (move) => {
      if (move === 'answers') Object.assign(moved, { address: '127.0.0.9' });
      return undefined;
    });
    expect(end).toMatch(/^refused: 410/);
    expect(service.store.armings.loadAlerts().at(-1)).toMatchObject({ address: '127.0.0.9' });
  });
});
