import { describe, expect, it } from 'vitest';
import type { ArmingEvent } from '../../../src/model/boot.ts';
import { openArming } from '../../../src/netboot/arming/open-arming.ts';
import type { ReinstallEffects } from '../../../src/netboot/reinstall/effects.ts';
import { followArming, note, openTeller } from '../../../src/netboot/reinstall/follow-arming.ts';
import { stageLimits } from '../../../src/netboot/reinstall/stage-limits.ts';
import { armedAt, makeOrder } from '../../helpers/make-order.ts';
import { memoryArmings } from '../../helpers/memory-armings.ts';

const progress = { doneBytes: 1, totalBytes: 9, bytesPerSecond: 1 };

/** A PC that writes its disk, on a clock that `sleep` moves; `onSleep` is what happens meanwhile. */
function openWriting(
  own: Partial<ReinstallEffects>,
  onSleep: (clock: { now: number }, tell: (stage: 'writing' | 'installed') => void) => void,
) {
  const armings = memoryArmings();
  armings.arm(openArming(makeOrder()));
  const clock = { now: armedAt };
  const tell = (stage: 'writing' | 'installed') =>
    note({ armings }, 'arming-1', {
      ...{ type: 'told', at: clock.now, address: '10.1.0.107' },
      report: { stage, progress },
    });
  const begun: ArmingEvent[] = [
    { type: 'script', at: clock.now, address: '10.1.0.107', tokenHash: 't' },
    {
      ...{ type: 'answers', at: clock.now, address: '10.1.0.107', tokenHash: 't' },
      ...{ sessionHash: 's', nonce: 'n' },
    },
  ];
  for (const event of begun) note({ armings }, 'arming-1', event);
  tell('writing');
  const effects = {
    ...{ armings, now: () => clock.now, emit: () => undefined, limits: stageLimits(5) },
    listeningSince: async () => 0,
    async sleep() {
      onSleep(clock, tell);
    },
    ...own,
  } as Partial<ReinstallEffects> as ReinstallEffects;
  const { signal } = new AbortController();
  const teller = openTeller(effects, 'a07');
  const follow = () => followArming(effects, 'arming-1', { signal, teller, reached: () => false });
  return { armings, clock, follow };
}

describe('following an armed boot', () => {
  it('waits on for a target that writes and is heard of when the time of its order is over', async () => {
    const { follow, clock } = openWriting({ limits: stageLimits(30) }, (at, tell) => {
      at.now += 2_000;
      tell(at.now > armedAt + 3_660_000 ? 'installed' : 'writing');
    });
    expect((await follow()).state).toBe('installed');
    expect(clock.now).toBeGreaterThan(armedAt + 3_600_000);
  });

  it('waits for a target of which nothing was heard because the boot service did not run', async () => {
    let startedAt = 0;
    const { follow } = openWriting({ listeningSince: async () => startedAt }, (clock, tell) => {
      // Down for longer than a target may be silent; then it runs again, and the target finds it after a while.
      if (startedAt === 0) {
        clock.now += 11 * 60_000;
        startedAt = clock.now;
      } else if (clock.now - startedAt < 60_000) clock.now += 1_000;
      else tell('installed');
    });
    expect((await follow()).state).toBe('installed');
  });

  it('gives a target up that is silent although the boot service runs', async () => {
    const startedAt = armedAt + 60_000;
    const { follow, clock } = openWriting({ listeningSince: async () => startedAt }, (at) => {
      at.now += 1_000;
    });
    expect(await follow()).toMatchObject({ state: 'failed', stage: 'writing' });
    expect(clock.now - startedAt).toBeGreaterThanOrEqual(10 * 60_000);
    expect(clock.now - startedAt).toBeLessThan(11 * 60_000);
  });
});
