import type { Arming, ArmingEvent } from '../../model/boot.ts';
import { endArming, expireArming } from './end-arming.ts';
import { foldReport, mergeTold } from './fold-report.ts';
import { judgeIdentity, keepClaim } from './judge-identity.ts';
import { isLive } from './open-arming.ts';
import { plainLine, reachStage } from './reach-stage.ts';

/**
 * What becomes of an armed boot when something happens to it. Events may be lost, late, early or come twice: it never throws, and gives back the
 * very same object where an event changes nothing. No end is ever left, except that the controller finds more of a host that is installed.
 */
export function foldArming(arming: Arming, event: ArmingEvent): Arming {
  if (event.type === 'found') return foldFound(arming, event);
  if (event.type === 'gave-up' && arming.state === 'installed')
    return { ...arming, reason: plainLine(event.reason), hint: plainLine(event.hint) };
  if (!isLive(arming)) return arming;
  // Whatever comes after the time of an order only tells that it is over.
  const current = arming.state === 'writing' ? arming : expireArming(arming, event.at);
  return isLive(current) ? foldLive(current, event) : current;
}

type LiveEvent = Exclude<ArmingEvent, { type: 'found' }>;

function foldLive(arming: Arming, event: LiveEvent): Arming {
  switch (event.type) {
    case 'seen':
      return foldSeen(arming, event);
    case 'script':
      return foldScript(arming, event);
    case 'unbound':
      return foldUnbound(arming, event);
    case 'bound':
      if (arming.code === '') return arming;
      return reachStage({ ...arming, code: '' }, 'identity', event.at, `bound by ${event.who}`);
    case 'mismatch':
      return foldMismatch(arming, event);
    case 'answers':
      return foldAnswers(arming, event);
    case 'told':
      return foldReport(arming, event);
    case 'gave-up':
      return endArming(arming, 'failed', event);
    case 'expired':
      return expireArming(arming, event.at);
    case 'disarmed':
      return endArming(arming, 'disarmed', {
        at: event.at,
        reason: `disarmed by ${event.who}`,
        hint: 'its local disk boots',
      });
  }
}

const hear = (arming: Arming, at: number, address = arming.address): Arming => ({
  ...arming,
  heardAt: Math.max(arming.heardAt, at),
  address,
});

/** A PC that restarts over and over is seen, too: while it writes, only its reports show that it lives. */
function foldSeen(arming: Arming, event: EventOf<'seen'>): Arming {
  const seen = reachStage(arming, event.stage, event.at, event.evidence);
  return arming.state === 'writing' ? seen : hear(seen, event.at);
}

type EventOf<T extends ArmingEvent['type']> = Extract<ArmingEvent, { type: T }>;

/** A script that installs is handed out. Behind the reading of the answers it would be a second installation: then the PC restarted in the middle of the first. */
function foldScript(arming: Arming, event: EventOf<'script'>): Arming {
  if (arming.sessionHash !== '') return endArming(arming, 'failed', restarted(arming, event.at));
  const { at, address, tokenHash } = event;
  const heard = hear(reachStage(arming, 'script', at, `asked from ${address}`), at, address);
  return {
    ...reachStage(heard, 'identity', at, 'MAC address and second factor as registered'),
    // A code that is still open belongs to another PC than this one, which was known without it.
    ...(arming.code === '' ? {} : { code: '', claimed: { uuid: '', serial: '' } }),
    state: 'booting',
    tokenHash,
    tokenAddress: address,
    told: mergeTold(heard.told, event.told),
  };
}

/** Why and at which stage an armed boot failed whose PC asks for its script again after its answers were read. */
export function restarted(arming: Arming, at: number) {
  return {
    at,
    stage: arming.state === 'writing' ? ('writing' as const) : ('kernel' as const),
    reason:
      arming.state === 'writing'
        ? 'the PC restarted while its disk was being written'
        : 'the PC restarted after it had read its answers',
    hint: 'see that its power and its network cable are firm, then retry it',
  };
}

function foldUnbound(arming: Arming, event: EventOf<'unbound'>): Arming {
  if (arming.sessionHash !== '') return arming;
  const { at, address, uuid, serial } = event;
  const claimed = keepClaim({ uuid, serial });
  const same = arming.claimed.uuid === claimed.uuid && arming.claimed.serial === claimed.serial;
  const heard = hear(reachStage(arming, 'script', at, `asked from ${address}`), at, address);
  // A screen that asks again goes on showing its code: somebody may be typing it.
  const code = same && arming.code !== '' ? arming.code : event.code;
  return { ...heard, state: 'booting', code, claimed };
}

/** Another PC with the MAC address of this host: ends it, unless the right one has begun already and is not to be left half-written. */
function foldMismatch(arming: Arming, event: EventOf<'mismatch'>): Arming {
  const identity = judgeIdentity(arming, event);
  if (arming.sessionHash !== '' || identity.is !== 'other') return arming;
  const { at, address } = event;
  return endArming(reachStage(arming, 'script', at, `asked from ${address}`), 'failed', {
    at,
    stage: 'identity',
    reason: identity.reason,
    hint: 'a moved network adapter or a new main board? correct the register, then retry it',
  });
}

/** The answers are read: once by whoever has the token; again only by the same power-on, before it writes, or a further file of an installer. */
function foldAnswers(arming: Arming, event: EventOf<'answers'>): Arming {
  if (event.tokenHash === '' || event.tokenHash !== arming.tokenHash) return arming;
  if (arming.sessionHash !== '' && !readsOn(arming, event)) return arming;
  const { at, address, sessionHash, nonce, file } = event;
  const evidence = `read from ${address}`;
  return {
    ...hear(reachStage(arming, 'answers', at, evidence), at, address),
    sessionHash,
    nonce,
    answersRead: file === undefined ? arming.answersRead : [...arming.answersRead, file],
  };
}

function readsOn(arming: Arming, event: EventOf<'answers'>): boolean {
  const sameReader = event.nonce === arming.nonce && event.sessionHash === arming.sessionHash;
  if (!sameReader) return false;
  if (event.file !== undefined)
    return arming.answersRead.length > 0 && !arming.answersRead.includes(event.file);
  return arming.answersRead.length === 0 && arming.state === 'booting';
}

function foldFound(arming: Arming, event: EventOf<'found'>): Arming {
  if (arming.state !== 'installed') return arming;
  const found = reachStage(arming, event.stage, event.at, event.evidence);
  return found === arming ? arming : { ...found, reason: '', hint: '' };
}
