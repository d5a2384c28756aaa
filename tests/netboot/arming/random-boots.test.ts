import { describe, expect, it } from 'vitest';
import type { Arming } from '../../../src/model/boot.ts';
import { playHistory, type Rules, realRules, type Tally } from './random-boots.ts';

/** Plays histories until one breaks a promise; the promise, or '' when all were kept. */
function findBroken(rules: Rules, histories: number, tally: Tally = {}): string {
  for (let seed = 1; seed <= histories; seed += 1)
    try {
      playHistory(seed, rules, tally);
    } catch (error) {
      return String(error);
    }
  return '';
}

const { fold, decide, admit, over } = realRules;
const rest = { admit, over };
const wayBack = { kind: 'install' } as const;

/** Rules with one of them broken, and by which promise it is noticed. */
const mutations: readonly [name: string, rules: Rules, noticed: RegExp][] = [
  [
    'a host that is installed gets the installation again',
    {
      ...rest,
      fold,
      decide: (a, ...more) => (a?.state === 'installed' ? wayBack : decide(a, ...more)),
    },
    /installed was handed an installation/,
  ],
  [
    'a host that failed gets the installation again',
    {
      ...rest,
      fold,
      decide: (a, ...more) => (a?.state === 'failed' ? wayBack : decide(a, ...more)),
    },
    /failed was handed an installation/,
  ],
  [
    'the expiry is forgotten',
    {
      ...rest,
      fold,
      decide: (a, requester, now, since) =>
        decide(a, requester, Math.min(now, (a?.order.expiresAt ?? 0) - 1), since),
    },
    /behind its time/,
  ],
  [
    'a restart behind the answers is taken for a first boot',
    { ...rest, fold, decide: (a, ...more) => decide(a && { ...a, sessionHash: '' }, ...more) },
    /behind the reading of the answers/,
  ],
  [
    'the second factor is not compared',
    {
      ...rest,
      fold,
      decide: (a, requester, ...more) =>
        decide(
          a,
          { ...requester, uuid: a?.order.uuid ?? '', serial: a?.order.serial ?? '' },
          ...more,
        ),
    },
    /for another PC than the registered or bound one/,
  ],
  [
    'a spent token is good once more',
    {
      ...rest,
      decide,
      fold: (a, event) =>
        event.type === 'answers' && event.tokenHash === a.tokenHash && a.state !== 'writing'
          ? fold({ ...a, sessionHash: '' }, event)
          : fold(a, event),
    },
    /two power-ons read/,
  ],
  [
    'answers can be read again while the disk is written',
    {
      ...rest,
      decide,
      fold: (a, event) =>
        event.type === 'answers' && a.nonce === event.nonce
          ? { ...fold({ ...a, state: 'booting' }, event), state: a.state }
          : fold(a, event),
    },
    /answers were read behind the beginning of writing|became/,
  ],
  [
    'an event revives what has ended',
    {
      ...rest,
      decide,
      fold: (a: Arming, event) =>
        event.type === 'told' && a.state === 'expired'
          ? fold({ ...a, state: 'writing' }, event)
          : fold(a, event),
    },
    /expired became/,
  ],
  [
    'a late stage is put at the end',
    {
      ...rest,
      decide,
      fold: (a, event) =>
        event.type === 'seen' && !a.stages.some(({ stage }) => stage === event.stage)
          ? { ...a, stages: [...a.stages, { stage: event.stage, at: event.at, evidence: '' }] }
          : fold(a, event),
    },
    /each stage is there once, in order|an ended boot/,
  ],
  [
    'silence never ends a writing',
    {
      ...rest,
      decide,
      fold: (a, event) => (event.type === 'expired' && a.state === 'writing' ? a : fold(a, event)),
    },
    /never ends/,
  ],
  [
    'the token outlives the end',
    {
      ...rest,
      decide,
      fold: (a, event) => {
        const next = fold(a, event);
        return next.state === 'failed' ? { ...next, tokenHash: a.tokenHash } : next;
      },
    },
    /has a token/,
  ],
  [
    'whoever names the MAC address is believed',
    { ...realRules, admit: () => true },
    /a foreign network card changed an armed boot/,
  ],
  [
    'a service that was just started counts the silence before it',
    { ...realRules, over: (a, now) => over(a, now) },
    /ended by a silence that nobody heard/,
  ],
  [
    'a PC that asks counts the silence before the service was started',
    { ...realRules, decide: (a, requester, now) => decide(a, requester, now) },
    /ended by a silence that nobody heard/,
  ],
];

describe('an armed boot in random histories of lost, late, early and repeated messages and restarts at any moment', () => {
  it('keeps every promise in 120,000 histories: a finished or failed host boots its disk', () => {
    const tally: Tally = {};
    expect(findBroken(realRules, 120_000, tally)).toBe('');
    // None of what is promised was promised of nothing.
    for (const what of [
      ...['install', 'code', 'writing began', 'read again', 'armed again', 'other card', 'silent'],
      ...['installed', 'failed', 'expired', 'disarmed'],
      ...['installed', 'failed', 'expired', 'disarmed'].map((state) => `disk after ${state}`),
    ])
      expect([what, (tally[what] ?? 0) > 1000]).toEqual([what, true]);
  }, 180_000);

  it.each(mutations)('is noticed to be broken when %s', (_, rules, noticed) => {
    expect(findBroken(rules, 20_000)).toMatch(noticed);
  });
});
