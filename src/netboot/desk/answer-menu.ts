import type { BootRequester } from '../../model/boot.ts';
import { LabError } from '../../model/lab-error.ts';
import { judgeIdentity } from '../arming/judge-identity.ts';
import { openArming } from '../arming/open-arming.ts';
import type { BootDeskEffects, BootNetwork, Refused, ScriptAnswer } from '../boot-desk-types.ts';
import { answerScript } from './answer-script.ts';
import { judgeCard } from './asking-card.ts';
import { type Desk, note, refuse } from './promise.ts';

/** POST /boot/menu/reinstall: from a card of the host, behind the PIN of its room, the guards of any reinstall, the second factor where one is registered, and the lock of the host. */
export async function answerMenuReinstall(
  desk: Desk,
  requester: BootRequester,
  network: BootNetwork,
  pin: string,
): Promise<ScriptAnswer | Refused> {
  const { mac, address } = requester;
  const asked = { what: 'reinstall from the menu', address, mac };
  const host = await desk.effects.findHostByMac(mac);
  if (!host) return refuse(desk, asked, 403, 'this PC is not registered');
  const macs = host.macs.map(({ addr }) => addr);
  const stranger = await judgeCard(desk, address, { pc: host.name, macs });
  if (stranger !== '') return refuse(desk, asked, 403, stranger);
  const trouble = await desk.effects.checkPin(pin, host.room?.name ?? '', requester);
  if (trouble) return refuse(desk, asked, 403, trouble);
  return refusedBy(desk, asked, async () => {
    const order = await desk.effects.openOrder(host);
    if (order.host !== host.name || !order.macs.includes(mac))
      return refuse(desk, asked, 403, 'this address may not be armed');
    const arming = openArming(order);
    const identity = judgeIdentity(arming, requester);
    if (identity.is === 'other') {
      // Whoever has the PIN is not told by the screen what to say instead.
      note(desk, asked, identity.reason);
      return otherPc(host.name);
    }
    await desk.effects.holdHost(order);
    desk.effects.store.arm(arming);
    note(desk, asked, `armed ${host.name} by its PIN`);
    return answerScript(desk, requester, network);
  });
}

const otherPc = (host: string): Refused => ({
  kind: 'refused',
  status: 403,
  message: `this PC is not the one that is registered as ${host}: another serial number or UUID; the technician finds both in the alerts`,
});

/** POST /boot/menu/register: an unknown PC applies for a seat. */
export async function answerMenuRegister(
  desk: Desk,
  requester: BootRequester,
  wish: Parameters<BootDeskEffects['enroll']>[1],
): Promise<{ kind: 'noted'; message: string } | Refused> {
  const { mac, address } = requester;
  const asked = { what: 'register from the menu', address, mac };
  const host = await desk.effects.findHostByMac(mac);
  if (host) return refuse(desk, asked, 403, `this PC is registered already: ${host.name}`);
  const stranger = await judgeCard(desk, address, { pc: mac, macs: [mac] });
  if (stranger !== '') return refuse(desk, asked, 403, stranger);
  return refusedBy(desk, asked, async () => ({
    kind: 'noted',
    message: await desk.effects.enroll(requester, wish),
  }));
}

/** What a person can act on is said on the screen; trouble with the state folder is the service's own. */
async function refusedBy<T>(
  desk: Desk,
  asked: Parameters<typeof refuse>[1],
  work: () => Promise<T>,
): Promise<T | Refused> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LabError) || error.kind === 'environment') throw error;
    return refuse(desk, asked, 403, error.message);
  }
}
