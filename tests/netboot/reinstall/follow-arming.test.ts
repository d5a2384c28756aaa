import { describe, expect, it } from 'vitest';
import type { ArmingEvent } from '../../../src/model/boot.ts';
import { openArming } from '../../../src/netboot/arming/open-arming.ts';
import type { ReinstallEffects } from '../../../src/netboot/reinstall/effects.ts';
import { followArming, note, openTeller } from '../../../src/netboot/reinstall/follow-arming.ts';
import { stageLimits } from '../../../src/netboot/reinstall/stage-limits.ts';
import { armedAt, makeOrder } from '../../helpers/make-order.ts';
import { memoryArmings } from '../../helpers/memory-armings.ts';

describe('following an armed boot', () => {
  it('waits on for a target that writes and is heard of when the time of its order is over', async () => {
    const armings = memoryArmings();
    armings.arm(openArming(makeOrder()));
    let now = armedAt + 3_590_000;
    const tell = (stage: 'writing' | 'installed') =>
      note({ armings }, 'arming-1', {
        ...{ type: 'told', at: now, address: '10.1.0.107' },
        report: { stage, progress: { doneBytes: 1, totalBytes: 9, bytesPerSecond: 1 } },
      });
    const begun: ArmingEvent[] = [
      { type: 'script', at: now, address: '10.1.0.107', tokenHash: 't' },
      {
        ...{ type: 'answers', at: now, address: '10.1.0.107', tokenHash: 't' },
        ...{ sessionHash: 's', nonce: 'n' },
      },
    ];
    for (const event of begun) note({ armings }, 'arming-1', event);
    tell('writing');
    const effects = {
      ...{ armings, now: () => now, emit: () => undefined, limits: stageLimits(5) },
      async sleep(ms: number) {
        now += 10 * ms;
        tell(now > armedAt + 3_660_000 ? 'installed' : 'writing');
      },
    } as Partial<ReinstallEffects> as ReinstallEffects;
    const { signal } = new AbortController();
    const teller = openTeller(effects, 'a07');
    const reached = () => false;
    const arming = await followArming(effects, 'arming-1', { signal, teller, reached });
    expect(arming.state).toBe('installed');
  });
});
