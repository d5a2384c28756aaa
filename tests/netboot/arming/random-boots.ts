import type { Arming, ArmingEvent, BootRequester, BootStage } from '../../../src/model/boot.ts';
import { bootStages } from '../../../src/model/boot.ts';
import { admitCard } from '../../../src/netboot/arming/admit-card.ts';
import { type BootDecision, decideBoot } from '../../../src/netboot/arming/decide-boot.ts';
import { isOver } from '../../../src/netboot/arming/end-arming.ts';
import { foldArming } from '../../../src/netboot/arming/fold-arming.ts';
import { isLive, openArming } from '../../../src/netboot/arming/open-arming.ts';
import { armedAt, makeOrder, makeRequester } from '../../helpers/make-order.ts';

/** The rules of a boot service that are tried; the real ones, or a broken one to see that the model notices. */
export interface Rules {
  readonly fold: typeof foldArming;
  readonly decide: typeof decideBoot;
  readonly admit: typeof admitCard;
  readonly over: typeof isOver;
}
export const realRules: Rules = {
  ...{ fold: foldArming, decide: decideBoot, admit: admitCard, over: isOver },
};

/** A PC with its power, its disk and what it has in hand at this power-on. */
interface Pc {
  readonly requester: BootRequester;
  /** Its network card as the service's neighbour table has it; '' behind a router. */
  readonly card: string;
  /** Counts power-ons; it makes the nonce. */
  power: number;
  at: 'off' | 'rom' | 'disk' | 'loaded' | 'ready' | 'writing' | 'written';
  token: string;
  session: string;
  done: number;
}

/** What happened in all histories together: a model in which nothing happens proves nothing. */
export interface Tally {
  [what: string]: number;
}

const total = 4;

/** mulberry32: the same seed, the same history. */
export function makeRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
  };
}

const hash = (secret: string): string => `#${secret}`;

/** Plays one random history and throws where a promise is broken. */
export function playHistory(seed: number, rules: Rules, tally: Tally): void {
  const random = makeRandom(seed);
  const count = (what: string) => {
    tally[what] = (tally[what] ?? 0) + 1;
  };
  const must = (holds: boolean, promise: string): void => {
    if (!holds) throw new Error(`seed ${seed}: ${promise}`);
  };
  const registered = random(3) > 0;
  let now = armedAt;
  let orders = 0;
  let arming = rearm();
  /** What the model itself knows: the one token that may be used, the power-ons that read, the writes that began. */
  let valid = { token: '', address: '' };
  let boundTo = '';
  let readers = new Set<number>();
  let writes = 0;
  const usedTokens: string[] = [];
  const mail: ArmingEvent[] = [];
  /** Since when the service listens, and when it last heard of a target that writes. */
  let listening = now;
  let heard = now;
  const [mac = ''] = arming.order.macs;
  const foreign = '52:54:00:00:00:66';
  const right: Pc = pc(makeRequester(), random(2) === 0 ? mac : '');
  // With its MAC address, by the very card: a moved one.
  const twin: Pc = pc(
    makeRequester({ uuid: 'another', serial: 'another', address: '10.1.0.66' }),
    right.card,
  );
  /** They know the MAC address, one of them all that is registered; their cards are other ones. */
  const strangers = [
    pc(makeRequester({ address: '10.1.0.67' }), foreign),
    pc(makeRequester({ uuid: 'made-up', serial: 'made-up', address: '10.1.0.67' }), foreign),
  ];

  function pc(requester: BootRequester, card: string): Pc {
    return { requester, card, power: 0, at: 'off', token: '', session: '', done: 0 };
  }

  function rearm(): Arming {
    orders += 1;
    const identity = registered ? {} : { uuid: '', serial: 'Default string' };
    const times = { armedAt: now, expiresAt: now + 3_600_000 };
    return openArming(makeOrder({ id: `arming-${orders}`, ...times, ...identity }));
  }

  function take(event: ArmingEvent): void {
    const before = arming;
    arming = rules.fold(arming, event);
    checkStep(before, arming, event);
  }

  function checkStep(before: Arming, after: Arming, event: ArmingEvent): void {
    must(after.order === before.order, 'an order never changes');
    const rank = (stage: BootStage) => bootStages.indexOf(stage);
    const ranks = after.stages.map(({ stage }) => rank(stage));
    must(
      ranks.every((value, place) => place === 0 || value > (ranks[place - 1] ?? -1)),
      'each stage is there once, in order',
    );
    if (!isLive(before)) {
      must(after.state === before.state, `${before.state} became ${after.state} by ${event.type}`);
      must(after.tokenHash === '' && after.code === '', 'an ended boot has a token or code');
      must(rank(after.stage) >= rank(before.stage), 'an ended boot went back');
    }
    if (after.state === 'writing' && before.state !== 'writing') {
      writes += 1;
      must(writes === 1, 'writing began twice');
      count('writing began');
    }
    if (before.state !== after.state) count(after.state);
    checkSilence(before, after, event);
    if (after.state === 'installed') must(readers.size === 1, 'installed without its answers read');
  }

  function checkSilence(before: Arming, after: Arming, event: ArmingEvent): void {
    if (event.type === 'told' && isLive(before)) heard = Math.max(heard, event.at);
    if (before.state !== 'writing' || event.type !== 'expired' || isLive(after)) return;
    must(now - Math.max(heard, listening) >= 600_000, 'ended by a silence that nobody heard');
    count('silent');
  }

  function askScript(who: Pc): void {
    const { requester, card } = who;
    if (isLive(arming) && !rules.admit(card, arming.order.macs)) {
      who.at = 'disk';
      return;
    }
    const decision: BootDecision = rules.decide(arming, requester, now, listening);
    if (decision.kind === 'install') {
      must(isLive(arming), `${arming.state} was handed an installation`);
      must(now < arming.order.expiresAt, 'an installation behind its time');
      must(readers.size === 0, 'an installation behind the reading of the answers');
      const known = registered ? who === right : boundTo === requester.uuid;
      must(known, 'an installation for another PC than the registered or bound one');
      const token = `token-${seed}-${random(1e9)}`;
      take({ type: 'script', at: now, address: requester.address, tokenHash: hash(token) });
      valid = { token, address: requester.address };
      count('install');
      if (random(8) === 0) return; // the reply is lost: the loader gives up and the disk boots
      who.token = token;
      who.at = 'loaded';
      return;
    }
    if (decision.kind === 'end') {
      take(decision.event);
      must(!isLive(arming), 'an armed boot that was to end goes on');
    }
    if (decision.kind === 'code') {
      const { uuid, serial, address } = requester;
      must(!registered, 'a code for a PC whose second factor is registered');
      take({ type: 'unbound', at: now, address, code: `c${random(1e6)}`, uuid, serial });
      count('code');
      return; // the screen asks again: it stays in its ROM
    }
    who.at = 'disk';
  }

  function askJob(who: Pc): void {
    const { token, requester } = who;
    const read = tryToken(
      token,
      `nonce-${requester.uuid}-${who.power}`,
      requester.address,
      who.power,
    );
    if (!read) {
      who.at = 'disk';
      return;
    }
    if (random(6) === 0) return; // the reply is lost: it asks again with the same nonce
    who.session = read;
    who.at = 'ready';
  }

  /** What the desk does with a token: the session where it is good for one. */
  function tryToken(token: string, nonce: string, address: string, power: number): string {
    const bound = arming.tokenHash === hash(token) && arming.tokenAddress === address;
    if (!bound || token === '') return '';
    const session = `session-${token}-${nonce}`;
    const before = arming;
    const event = { type: 'answers', at: now, address, tokenHash: hash(token) } as const;
    take({ ...event, sessionHash: hash(session), nonce: hash(nonce) });
    if (arming === before || !isLive(arming)) return '';
    must(token === valid.token && address === valid.address, 'a token that was not the last one');
    if (readers.has(power)) count('read again');
    must(writes === 0, 'answers were read behind the beginning of writing');
    readers.add(power);
    must(readers.size === 1, 'two power-ons read the answers of one armed boot');
    usedTokens.push(token);
    return session;
  }

  /** The target's report, as it comes to the service: lost, at once, or kept back to come late and perhaps twice. */
  function tell(
    who: Pc,
    stage: 'kernel' | 'writing' | 'installed' | 'failed',
  ): 'go' | 'stop' | 'lost' {
    const progress = { doneBytes: who.done, totalBytes: total, bytesPerSecond: 1 };
    const { address } = who.requester;
    const event: ArmingEvent = { type: 'told', at: now, address, report: { stage, progress } };
    const luck = random(10);
    if (luck < 2) mail.push(event);
    if (luck < 3) return 'lost';
    if (luck === 3) mail.push(event);
    return deliver(event, hash(who.session)) ? 'go' : 'stop';
  }

  function deliver(event: ArmingEvent, session: string): boolean {
    if (session === '#' || session !== arming.sessionHash) return false;
    take(event);
    return isLive(arming) || (event.type === 'told' && event.report.stage === arming.state);
  }

  const steps: { readonly [at in Pc['at']]: (who: Pc) => void } = {
    off(who) {
      who.power += 1;
      Object.assign(who, { at: 'rom', token: '', session: '', done: 0 });
    },
    rom(who) {
      if (random(2) === 0) take({ type: 'seen', at: now, stage: 'loader', evidence: 'asked' });
      askScript(who);
    },
    loaded: askJob,
    ready(who) {
      if (tell(who, 'writing') === 'stop') who.at = 'disk';
      else if (random(12) > 0) who.at = 'writing';
      else {
        tell(who, 'failed');
        who.at = 'disk';
      }
    },
    writing(who) {
      who.done += 1;
      if (tell(who, 'writing') === 'stop') who.at = 'disk';
      else if (who.done === total) who.at = 'written';
    },
    written(who) {
      if (tell(who, 'installed') !== 'lost') who.at = 'disk';
    },
    disk() {},
  };
  const step = (who: Pc): void => steps[who.at](who);

  function expire(): void {
    if (rules.over(arming, now, listening)) take({ type: 'expired', at: now });
  }

  const switchOff = (who: Pc) => () => {
    who.at = 'off';
  };

  const disturbances: readonly (() => void)[] = [
    switchOff(right),
    switchOff(right),
    switchOff(twin),
    function restartService() {
      // What it knows is what it wrote down; it hears of nobody while it is down.
      if (random(3) === 0) now += random(1_800_000);
      listening = now;
      arming = { ...JSON.parse(JSON.stringify(arming)), order: arming.order };
    },
    function deliverLate() {
      const letter = mail[random(mail.length || 1)];
      if (letter) deliver({ ...letter, at: now } as ArmingEvent, arming.sessionHash);
    },
    function tryTokens() {
      // Somebody tries what was used, what is old, and what is made up.
      tryToken(usedTokens.at(-1) ?? 'made-up', `nonce-thief-${random(1e9)}`, '10.1.0.107', -1);
      tryToken(valid.token, `nonce-thief-${random(1e9)}`, '10.9.9.9', -1);
      tryToken('', 'nonce', '', -1);
    },
    function passTime() {
      now += random(4) === 0 ? 3_600_000 : random(600_000);
    },
    expire,
    function askFromOtherCard() {
      const who = strangers[random(strangers.length)] ?? twin;
      const before = arming;
      who.at = 'rom';
      askScript(who);
      must(arming === before || !isLive(before), 'a foreign network card changed an armed boot');
      if (isLive(before)) count('other card');
    },
    function disarm() {
      if (random(6) === 0) take({ type: 'disarmed', at: now, who: 'li' });
    },
    function giveUp() {
      if (random(6) > 0) return;
      take({ type: 'gave-up', at: now, stage: 'writing', reason: 'deadline', hint: '' });
    },
    function find() {
      const stage = (['os-up', 'proven', 'playbook', 'done'] as const)[random(4)] ?? 'os-up';
      take({ type: 'found', at: now, stage, evidence: 'asked the host' });
    },
    function bind() {
      if (isLive(arming) && arming.code !== '') boundTo = arming.claimed.uuid;
      take({ type: 'bound', at: now, who: 'li' });
    },
    () => take({ type: 'seen', at: now - random(5_000), stage: 'kernel', evidence: 'late' }),
    function armAgain() {
      if (isLive(arming)) return;
      arming = rearm();
      valid = { token: '', address: '' };
      heard = now;
      boundTo = '';
      readers = new Set();
      writes = 0;
      count('armed again');
    },
  ];

  const length = 10 + random(50);
  for (let n = 0; n < length; n += 1) {
    now += random(3_000);
    const what = random(10);
    if (what < 6) step(right);
    else if (what === 6 && random(4) === 0) step(twin);
    else if (what > 7) disturbances[random(disturbances.length)]?.();
  }
  settleDown();

  /** Nobody disturbs any more: it comes to an end by itself, and with it every power-on boots the disk. */
  function settleDown(): void {
    for (let n = 0; n < 20 && isLive(arming); n += 1) {
      now += 3 * 60 * 60_000;
      expire();
    }
    must(!isLive(arming), 'an armed boot that nobody hears of never ends');
    for (const who of [right, twin]) {
      who.at = 'off';
      step(who);
      step(who);
      must(
        String(who.at) === 'disk',
        `a host whose armed boot is ${arming.state} does not boot its disk`,
      );
      count(`disk after ${arming.state}`);
    }
  }
}
