import type { Arming, ArmingEvent, BootRequester } from '../../model/boot.ts';
import { isOver } from './end-arming.ts';
import { restarted } from './fold-arming.ts';
import { judgeIdentity } from './judge-identity.ts';
import { isLive } from './open-arming.ts';

/** What a PC that asks for its boot script is to get. */
export type BootDecision =
  | { readonly kind: 'install' }
  /** It boots its disk; with `menu` it may be offered the menu first. */
  | { readonly kind: 'local'; readonly menu: boolean; readonly reason: string }
  /** Nobody registered its second factor: it shows a code. */
  | { readonly kind: 'code' }
  /** The armed boot comes to an end by this event, and the PC boots its disk. */
  | { readonly kind: 'end'; readonly event: ArmingEvent; readonly reason: string };

/** For so long after its end a host goes straight to its disk; later it is like any that was never armed. */
const quietMs = 60 * 60_000;

/** Decides what a PC gets that asks for its boot script (`now`, and since when the service listens, in milliseconds since 1970). Changes nothing: asking alone never ends or spends anything. */
export function decideBoot(
  arming: Arming | undefined,
  requester: BootRequester,
  now: number,
  listeningSince = 0,
): BootDecision {
  if (!arming) return { kind: 'local', menu: true, reason: 'not armed' };
  if (!isLive(arming)) return decideEnded(arming, now);
  if (isOver(arming, now, listeningSince))
    return { kind: 'end', event: { type: 'expired', at: now }, reason: 'its time is over' };
  if (!arming.order.macs.includes(requester.mac))
    return { kind: 'local', menu: false, reason: 'armed for another address' };
  const identity = judgeIdentity(arming, requester);
  if (arming.sessionHash !== '') return decideBegun(arming, identity.is === 'same', now);
  if (identity.is === 'same') return { kind: 'install' };
  if (identity.is === 'unknown') return { kind: 'code' };
  const { address, uuid, serial } = requester;
  return {
    kind: 'end',
    event: { type: 'mismatch', at: now, address, uuid, serial },
    reason: identity.reason,
  };
}

function decideEnded(arming: Arming, now: number): BootDecision {
  const { state, stage, stageAt, reason } = arming;
  const said = state === 'failed' ? `failed at ${stage}: ${reason}` : reason || state;
  return { kind: 'local', menu: now - stageAt >= quietMs, reason: said };
}

/** Its answers were read already. The same PC must have restarted; a stranger with its address gets nothing and ends nothing. */
function decideBegun(arming: Arming, same: boolean, now: number): BootDecision {
  if (!same)
    return { kind: 'local', menu: false, reason: 'another PC is being installed by this address' };
  const event: ArmingEvent = { type: 'gave-up', ...restarted(arming, now) };
  return { kind: 'end', event, reason: event.reason };
}
