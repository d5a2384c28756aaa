import type { Arming, ArmingEvent } from '../../model/boot.ts';
import { LabError } from '../../model/lab-error.ts';
import { foldArming } from '../arming/fold-arming.ts';
import { isLive } from '../arming/open-arming.ts';
import type { BootDeskEffects, Promised, Refused } from '../boot-desk-types.ts';

/** What the parts of the desk share. */
export interface Desk {
  readonly effects: BootDeskEffects;
  /** Since when it hears of targets: milliseconds since 1970. */
  readonly openedAt: number;
  /** Host and profile of armed boots that are live, by the id of their order. */
  readonly promised: Map<string, Promised>;
}

/** Refuses a request and keeps that it was refused. */
export function refuse(
  desk: Desk,
  asked: { readonly what: string; readonly address: string; readonly mac?: string },
  status: Refused['status'],
  message: string,
): Refused {
  note(desk, asked, message);
  return { kind: 'refused', status, message };
}

/** Keeps what somebody should look at. */
export function note(
  desk: Desk,
  asked: { readonly what: string; readonly address: string; readonly mac?: string },
  reason: string,
): void {
  const { what, address, mac = '' } = asked;
  const at = new Date(desk.effects.now()).toISOString();
  desk.effects.store.note({ at, address, mac, asked: what, reason });
}

/** Folds an event into an armed boot, durably. */
export function apply(desk: Desk, arming: Arming, event: ArmingEvent): Arming {
  return desk.effects.store.update(arming.order.id, (current) => foldArming(current, event));
}

/** Host and profile as they were promised when the host was armed. What changed since then ends the armed boot: the reason is returned. */
export async function loadPromised(desk: Desk, arming: Arming): Promise<Promised | string> {
  const known = desk.promised.get(arming.order.id);
  if (known) return { ...known, arming };
  const { order } = arming;
  const host = await desk.effects.loadHost(order.host);
  if (!host)
    return giveUp(desk, arming, `${order.host} is not in the register any more`, 'arm it anew');
  const kept = host.macs.some(({ addr }) => order.macs.includes(addr));
  if (host.protected || host.ownership === 'private' || !kept)
    return giveUp(
      desk,
      arming,
      `the register says something else of ${order.host} since it was confirmed`,
      'it is protected or private now, or has another MAC address: see lab inventory show',
    );
  try {
    const { chosen, digest } = await desk.effects.loadProfile(order, host);
    if (digest !== order.profileDigest)
      return giveUp(
        desk,
        arming,
        `profile ${order.profile} was changed since the reinstall was confirmed`,
        'preview and confirm the reinstall again',
      );
    const promised = { arming, host, chosen };
    keepPromise(desk, promised);
    return promised;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return giveUp(desk, arming, error.message, error.hint);
  }
}

/** Renders what a target is to read, before its token is spent for it; what cannot be rendered ends the armed boot, and the reason is returned. */
export function renderFor<T>(desk: Desk, arming: Arming, render: () => T): { text: T } | string {
  try {
    return { text: render() };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return giveUp(desk, arming, error.message, error.hint);
  }
}

function giveUp(desk: Desk, arming: Arming, reason: string, hint: string): string {
  const at = desk.effects.now();
  apply(desk, arming, { type: 'gave-up', at, stage: arming.stage, reason, hint });
  return reason;
}

/** Kept until the end of the armed boot: every chunk of an image asks for it. */
function keepPromise(desk: Desk, promised: Promised): void {
  for (const id of desk.promised.keys()) {
    const arming = desk.effects.store.load(id);
    if (!arming || !isLive(arming)) desk.promised.delete(id);
  }
  desk.promised.set(promised.arming.order.id, promised);
}
