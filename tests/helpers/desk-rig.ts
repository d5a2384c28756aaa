import { randomBytes } from 'node:crypto';
import { type ChosenProfile, defineProfile } from '../../src/model/profile.ts';
import { openArming } from '../../src/netboot/arming/open-arming.ts';
import { openBootDesk } from '../../src/netboot/boot-desk.ts';
import type { BootDeskEffects } from '../../src/netboot/boot-desk-types.ts';
import { makeHost } from './make-host.ts';
import { armedAt, makeOrder } from './make-order.ts';
import { memoryArmings } from './memory-armings.ts';

const mac = '52:54:00:00:00:07';

/** The host that orders of `makeOrder` are for. */
export const deskHost = makeHost('a07', {
  mac,
  macs: [{ addr: mac, role: 'wired', primary: true }],
  uuid: '11111111-2222-3333-4444-555555555507',
  serial: 'SN07',
});

const profile = defineProfile<object>({
  ...{ name: 'debian-12', summary: 'for a test', kind: 'archive', family: 'linux', minutes: 5 },
  ...{ firmwares: ['bios'], secureBoot: true, options: {}, notes: [], assets: () => [] },
  boot: () => ({ kernel: 'vmlinuz', initrds: [], args: [] }),
});
const chosen: ChosenProfile = {
  ...{ name: 'debian-12', profile, options: {}, origin: 'a test', playbook: '', suite: '' },
};

/** A desk with its armed boots in memory, on a clock that a test sets; `neighbours` is what its neighbour table knows, by address. */
export function openDeskRig(own: Partial<BootDeskEffects> = {}) {
  const store = memoryArmings();
  const neighbours = new Map<string, string>();
  const clock = { now: armedAt + 1000 };
  const effects: BootDeskEffects = {
    store,
    now: () => clock.now,
    randomBytes: (count) => randomBytes(count),
    findHostByMac: async (asked) => (asked === mac ? deskHost : undefined),
    loadHost: async (name) => (name === deskHost.name ? deskHost : undefined),
    loadProfile: async (order) => ({ chosen, digest: order.profileDigest }),
    neighbourMac: async (address) => neighbours.get(address) ?? '',
    renderJob: ({ session }) => `session ${session}`,
    renderAnswers: ({ session }) => [{ name: 'a.cfg', text: session, contentType: 'text/plain' }],
    checkPin: async (pin) => (pin === '4711' ? '' : 'this PIN is wrong'),
    openOrder: async () => makeOrder({ id: 'menu', armedAt: clock.now }),
    holdHost: async () => {},
    enroll: async () => 'Noted.',
    ...own,
  };
  return {
    desk: openBootDesk(effects),
    /** The desk of a service that was restarted. */
    reopen: () => openBootDesk(effects),
    ...{ store, neighbours, clock },
    arm: (order: Parameters<typeof makeOrder>[0] = {}) => store.arm(openArming(makeOrder(order))),
    load: (id = 'arming-1') => store.load(id),
    reasons: () => store.loadAlerts().map(({ asked, reason }) => `${asked}: ${reason}`),
  };
}
