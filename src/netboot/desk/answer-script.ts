import type { Arming, ArmingEvent, BootRequester } from '../../model/boot.ts';
import type { Host } from '../../model/host.ts';
import { type BootDecision, decideBoot } from '../arming/decide-boot.ts';
import { foldArming } from '../arming/fold-arming.ts';
import { isLive } from '../arming/open-arming.ts';
import type {
  BootLocally,
  BootNetwork,
  Promised,
  Refused,
  ScriptAnswer,
} from '../boot-desk-types.ts';
import { judgeCard } from './asking-card.ts';
import { type Desk, loadPromised, note, refuse } from './promise.ts';
import { hashOf, makeCode, makeToken } from './secrets.ts';

/** POST /boot/script: local disk, code, or an installation with a fresh token. */
export async function answerScript(
  desk: Desk,
  requester: BootRequester,
  network: BootNetwork,
): Promise<ScriptAnswer> {
  const { mac, address } = requester;
  const asked = { what: 'script', address, mac };
  const host = await desk.effects.findHostByMac(mac);
  const arming = desk.effects.store.findByMac(mac);
  if (!host) note(desk, asked, 'no host is registered with this address');
  if (!arming) return local(host, true, host ? 'not armed' : 'not registered');
  const stranger = await judgeAsker(desk, arming, address);
  if (stranger !== '') {
    note(desk, asked, stranger);
    return local(host, false, stranger);
  }
  const settled = await settle(desk, arming, requester, network);
  if (settled.kind === 'local' || settled.kind === 'end') {
    if (settled.kind === 'end') note(desk, asked, settled.reason);
    return local(host, settled.kind === 'local' && settled.menu, settled.reason);
  }
  if (settled.kind === 'install') return { ...settled, network };
  if (!host) return local(host, false, 'not registered');
  return { kind: 'code', host, code: settled.code, expiresAt: arming.order.expiresAt };
}

/** POST /boot/identify: the same decision for a PC that came without a token, by GRUB. */
export async function answerIdentify(
  desk: Desk,
  requester: BootRequester,
): Promise<{ kind: 'token'; token: string } | Refused> {
  const { mac, address } = requester;
  const asked = { what: 'identify', address, mac };
  const arming = desk.effects.store.findByMac(mac);
  if (!arming) return refuse(desk, asked, 403, 'this PC is not armed');
  const stranger = await judgeAsker(desk, arming, address);
  if (stranger !== '') return refuse(desk, asked, 403, stranger);
  const network = { address, netmask: '', gateway: '', dns: '' };
  const settled = await settle(desk, arming, requester, network);
  if (settled.kind === 'install') return { kind: 'token', token: settled.token };
  if (settled.kind === 'code') {
    // Whoever types the code must have read it on that PC's screen, not in the alerts.
    note(desk, asked, 'nobody registered its second factor; it shows a code');
    const message = `code ${settled.code}: type it on the technician's computer`;
    return { kind: 'refused', status: 403, message };
  }
  return refuse(desk, asked, 403, settled.reason);
}

/** What a stranger says of itself must not even end an armed boot. One that has come to its end gives nothing to anybody. */
async function judgeAsker(desk: Desk, arming: Arming, address: string): Promise<string> {
  const { host, macs } = arming.order;
  return isLive(arming) ? judgeCard(desk, address, { pc: host, macs }) : '';
}

const local = (host: Host | undefined, menu: boolean, reason: string): BootLocally => ({
  kind: 'local',
  ...(host && { host }),
  menu,
  reason,
});

type Settled =
  | Exclude<BootDecision, { kind: 'install' | 'code' }>
  | (Promised & { readonly kind: 'install'; readonly token: string })
  | { readonly kind: 'code'; readonly code: string };

/** Decides, and keeps what follows from it, in one transaction: two requests at once are two decisions one after the other. */
async function settle(
  desk: Desk,
  arming: Arming,
  requester: BootRequester,
  network: BootNetwork,
): Promise<Settled> {
  const { store, now, randomBytes } = desk.effects;
  const at = now();
  const first = decideBoot(arming, requester, at, desk.openedAt);
  const promised = first.kind === 'install' ? await loadPromised(desk, arming) : undefined;
  if (typeof promised === 'string') return { kind: 'local', menu: false, reason: promised };
  const token = makeToken(randomBytes);
  const live = store.list('live');
  const code = makeCode(randomBytes, new Set(live.map((other) => other.code)));
  let decision = first;
  const after = store.update(arming.order.id, (current) => {
    decision = decideBoot(current, requester, at, desk.openedAt);
    const event = eventOf(decision, { requester, network, at, token, code });
    return event ? foldArming(current, event) : current;
  });
  if (decision.kind === 'code') return { kind: 'code', code: after.code };
  if (decision.kind !== 'install') return decision;
  // It was no installation a moment ago, so nothing was loaded for one: the PC asks again with its next boot.
  if (!promised) return { kind: 'local', menu: false, reason: 'armed this very moment' };
  return { ...promised, arming: after, kind: 'install', token };
}

function eventOf(
  decision: BootDecision,
  asked: {
    readonly requester: BootRequester;
    readonly network: BootNetwork;
    readonly at: number;
    readonly token: string;
    readonly code: string;
  },
): ArmingEvent | undefined {
  const { requester, network, at, token, code } = asked;
  const { address, uuid, serial } = requester;
  if (decision.kind === 'end') return decision.event;
  if (decision.kind === 'code') return { type: 'unbound', at, address, code, uuid, serial };
  if (decision.kind === 'local') return undefined;
  const told = {
    firmware: requester.firmware,
    secureboot: requester.secureBoot ? 'on' : 'off',
    manufacturer: requester.manufacturer,
    product: requester.model,
    ip: network.address,
    netmask: network.netmask,
    gateway: network.gateway,
    dns: network.dns,
  };
  return { type: 'script', at, address, tokenHash: hashOf(token), told };
}
