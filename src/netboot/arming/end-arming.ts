import type { Arming, ArmingState, BootStage } from '../../model/boot.ts';
import { isLive } from './open-arming.ts';
import { plainLine } from './reach-stage.ts';

/** How long a target that tells its progress may be silent while it writes. */
const silenceMs = 10 * 60_000;
/** An installer tells that it begins and that it is done, and nothing between. */
const installerSilenceMs = 2 * 60 * 60_000;

/** Comes to an end; no token is good behind it. */
export function endArming(
  arming: Arming,
  state: ArmingState,
  end: {
    readonly at: number;
    readonly stage?: BootStage;
    readonly reason: string;
    readonly hint: string;
  },
): Arming {
  return {
    ...arming,
    state,
    stage: end.stage ?? arming.stage,
    stageAt: end.at,
    tokenHash: '',
    code: '',
    reason: plainLine(end.reason),
    hint: plainLine(end.hint),
  };
}

/** Whether an armed boot ran out of time (milliseconds since 1970). The expiry of its order ends it only before it writes: a half-written disk helps nobody, so a target that writes is given up when it falls silent instead. It may have been silent only because nobody listened: its silence counts from `listeningSince` on. */
export function isOver(arming: Arming, now: number, listeningSince = 0): boolean {
  if (!isLive(arming)) return false;
  if (arming.state !== 'writing') return now >= arming.order.expiresAt;
  return now - Math.max(arming.heardAt, listeningSince) >= allowedSilenceMs(arming);
}

/** How long nothing may be heard of a target that writes. */
export function allowedSilenceMs(arming: Arming): number {
  return arming.progress.totalBytes > 0 ? silenceMs : installerSilenceMs;
}

/** Ends what ran out of time; anything else stays as it is. */
export function expireArming(arming: Arming, at: number): Arming {
  if (!isOver(arming, at)) return arming;
  if (arming.state === 'writing') {
    const minutes = Math.floor((at - arming.heardAt) / 60_000);
    return endArming(arming, 'failed', {
      at,
      reason: `nothing was heard of the PC for ${minutes} minutes while it wrote its disk`,
      hint: 'see what its screen shows; its disk is half-written: reinstall it again',
    });
  }
  return endArming(arming, 'expired', {
    at,
    reason: `its time was over at stage ${arming.stage}`,
    hint: 'see that it boots from the network, then arm it again; --expires gives it more minutes',
  });
}
