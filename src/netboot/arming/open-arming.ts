import type { Arming, ArmingState, BootOrder } from '../../model/boot.ts';

const liveStates: ReadonlySet<ArmingState> = new Set(['armed', 'booting', 'writing']);

/** Whether this armed boot may still lead to an installation; every other state boots the local disk for good. */
export function isLive(arming: Arming): boolean {
  return liveStates.has(arming.state);
}

/** Whether a PC that boots now may be handed an installation: live, its answers not read by anybody, its time not over. `now` in milliseconds since 1970. */
export function offersInstall(arming: Arming, now: number): boolean {
  return isLive(arming) && arming.sessionHash === '' && now < arming.order.expiresAt;
}

/** The beginning of an armed boot: nothing was seen of the PC yet. */
export function openArming(order: BootOrder): Arming {
  const { armedAt } = order;
  return {
    order,
    state: 'armed',
    stage: 'armed',
    stageAt: armedAt,
    heardAt: armedAt,
    stages: [{ stage: 'armed', at: armedAt, evidence: `profile ${order.profile}` }],
    tokenHash: '',
    tokenAddress: '',
    sessionHash: '',
    nonce: '',
    answersRead: [],
    code: '',
    claimed: { uuid: '', serial: '' },
    progress: { doneBytes: 0, totalBytes: 0, bytesPerSecond: 0 },
    hostKeys: [],
    address: '',
    told: {},
    reason: '',
    hint: '',
  };
}
