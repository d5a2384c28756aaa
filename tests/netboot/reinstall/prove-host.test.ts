import { describe, expect, it } from 'vitest';
import { openArming } from '../../../src/netboot/arming/open-arming.ts';
import type { Attempt, ReinstallEffects } from '../../../src/netboot/reinstall/effects.ts';
import type { HostWork } from '../../../src/netboot/reinstall/host-work.ts';
import { planRows } from '../../../src/netboot/reinstall/plan-rows.ts';
import { playSystem, proveSystem } from '../../../src/netboot/reinstall/prove-host.ts';
import { stageLimits } from '../../../src/netboot/reinstall/stage-limits.ts';
import { makeHost } from '../../helpers/make-host.ts';
import { armedAt, makeOrder } from '../../helpers/make-order.ts';
import { makeProfile } from '../../helpers/make-profile.ts';
import { memoryArmings } from '../../helpers/memory-armings.ts';
import { playTarget, wholeInstall } from '../../helpers/play-target.ts';

const addr = '52:54:00:00:00:07';
const host = makeHost('a07', { mac: addr, macs: [{ addr, role: 'wired', primary: true }] });
const away: Attempt = { reason: 'it refuses connections', hint: '', unanswered: true };

/** A host that was just found at 10.1.1.77, and a way to ask it that answers as told: the last answer over and over. */
function openWork(answers: readonly Attempt[], more: { addresses?: readonly string[] } = {}) {
  const armings = memoryArmings();
  armings.arm(openArming(makeOrder()));
  let now = armedAt;
  const installed = playTarget(armings, 'a07', wholeInstall, () => now);
  const asked: string[] = [];
  const stop = new AbortController();
  const ask: ReinstallEffects['prove'] = async ({ address }) => {
    asked.push(address);
    const answer = answers[Math.min(asked.length, answers.length) - 1];
    if (!answer) throw new Error('it is not asked here');
    return answer;
  };
  const effects = {
    ...{ armings, limits: stageLimits(5), now: () => now, emit: () => undefined },
    async sleep(ms: number) {
      now += ms;
    },
    findAddresses: async () => more.addresses ?? ['10.1.1.77'],
    reachSystem: async () => ({ evidence: '' }),
    ...{ prove: ask, play: ask },
  } as Partial<ReinstallEffects> as ReinstallEffects;
  const view = { at: { day: 0, minutes: 0 }, despite: new Set<never>(), hostsByMac: new Map() };
  const profile = makeProfile({ playbook: 'site.yml' });
  const [row] = planRows([{ host, profile, lockedBy: '' }], view).rows;
  if (!row) throw new Error('it may be reinstalled');
  const work: HostWork = {
    ...{ target: { row, host }, effects, teller: { tell: () => undefined } },
    ...{ signal: stop.signal, arming: installed, address: '10.1.1.77' },
  };
  const present = () => armings.load('arming-1');
  return { work, asked, stop, present, waitedMs: () => now - armedAt };
}

describe('proving a new system', () => {
  it.each([proveSystem, playSystem])(
    'asks again where its SSH server is away for a moment, as at a first start (%o)',
    async (ask) => {
      const { work, asked } = openWork([away, away, { evidence: 'hostname' }]);
      expect((await ask(work)).outcome).toBe('ok');
      expect(asked).toHaveLength(3);
    },
  );

  it('asks where it answers then: its network may have started anew, too', async () => {
    const answers = [away, { evidence: 'hostname' }];
    const { work, asked } = openWork(answers, { addresses: ['10.1.1.78'] });
    expect((await proveSystem(work)).outcome).toBe('ok');
    expect(asked).toEqual(['10.1.1.77', '10.1.1.78']);
  });

  it('gives up a system that stays away when the time of the stage is over, and says why', async () => {
    const { work, present, waitedMs } = openWork([away]);
    expect(await proveSystem(work)).toMatchObject({
      ...{ outcome: 'failed', stage: 'proven', reason: 'it refuses connections' },
    });
    expect(present()).toMatchObject({ state: 'installed', reason: 'it refuses connections' });
    const limitMs = stageLimits(5).next['os-up'] ?? 0;
    expect(limitMs).toBeGreaterThan(0);
    expect(waitedMs()).toBeGreaterThan(limitMs);
    expect(waitedMs()).toBeLessThan(limitMs + 5_000);
  });

  it.each([proveSystem, playSystem])(
    'takes a wrong answer at its word, at once (%o)',
    async (ask) => {
      const wrong = { reason: 'hostname fail: b07', hint: '' };
      const { work, asked } = openWork([wrong, { evidence: 'hostname' }]);
      expect(await ask(work)).toMatchObject({ outcome: 'failed', reason: 'hostname fail: b07' });
      expect(asked).toHaveLength(1);
    },
  );

  it('keeps no failure of a host whose proof was cut off: resume proves it', async () => {
    const { work, stop, present } = openWork([{ reason: 'unknown', hint: '' }]);
    stop.abort(new Error('second Ctrl-C'));
    await expect(proveSystem(work)).rejects.toThrow('second Ctrl-C');
    expect(present()).toMatchObject({ state: 'installed', reason: '' });
  });
});
