import { randomBytes } from 'node:crypto';
import type { BootOrder } from '../../model/boot.ts';
import type { Host } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';
import type { AnswerFile, ChosenProfile } from '../../model/profile.ts';
import { openBootDesk } from '../../netboot/boot-desk.ts';
import type { BootDesk, BootDeskEffects, JobInput } from '../../netboot/boot-desk-types.ts';
import { neighbourMac } from '../../netboot/dnsmasq/neighbours.ts';
import { openPinCheck } from '../../netboot/pin/check-pin.ts';
import { digestProfile } from '../../netboot/profile-digest.ts';
import { renderJob } from '../../netboot/texts/job.ts';
import type { Store } from '../../store/store.ts';
import type { Context } from '../context.ts';
import type { MenuHolds } from './hold-menu-hosts.ts';
import { loadProfiles } from './load-profiles.ts';
import { openMenuOrder } from './menu-order.ts';
import { fileMenuRequest } from './menu-register.ts';
import { keepMenuRun, type MenuOrder } from './menu-run.ts';
import type { ServedAssets } from './serve-assets.ts';
import type { WatchedInventory } from './watch-inventory.ts';

/** What the desk is wired to. */
export interface DeskParts {
  readonly store: Store;
  readonly inventory: WatchedInventory;
  readonly assets: ServedAssets;
  readonly holds: Pick<MenuHolds, 'hold'>;
  /** Base URL of the service. */
  readonly server: string;
  readonly sshKeys: readonly string[];
}

/** Opens the desk on this project's register, profiles and store. */
export function openProjectDesk(context: Context, parts: DeskParts): BootDesk {
  const { store, inventory, holds, server, sshKeys } = parts;
  const now = () => context.io.now();
  const checkPin = openPinCheck(store.bootPins, now);
  const promised = new WeakMap<BootOrder, MenuOrder>();
  const effects: BootDeskEffects = {
    store: store.armings,
    now,
    randomBytes: (count) => randomBytes(count),
    async findHostByMac(mac) {
      const { hosts } = await inventory.current();
      return hosts.find(({ macs }) => macs.some(({ addr }) => addr === mac));
    },
    async loadHost(name) {
      return (await inventory.current()).hosts.find((host) => host.name === name);
    },
    loadProfile: (order, host) => loadPromised(context, parts, order.profile, host),
    neighbourMac,
    renderJob: (input) => renderJob(input, { server, sshKeys }),
    renderAnswers: (input) => renderAnswers(input, server, sshKeys),
    checkPin: (pin, room) => checkPin(pin, room),
    async openOrder(host) {
      const made = await openMenuOrder(context, parts, host);
      promised.set(made.order, made);
      return made.order;
    },
    async holdHost(order) {
      await holds.hold(order);
      const made = promised.get(order);
      if (made) keepMenuRun(context, store, made);
    },
    enroll: (requester, wish) => fileMenuRequest(context, requester, wish),
  };
  return openBootDesk(effects);
}

/** Every file of it is verified again before a PC is told to fetch it. */
async function loadPromised(
  context: Context,
  { assets }: DeskParts,
  name: string,
  host: Host,
): Promise<{ chosen: ChosenProfile; digest: string }> {
  const profiles = await loadProfiles(context);
  const chosen = profiles.choose(host, name);
  if (!chosen) throw new LabError('input', `there is no profile ${name}`);
  const [missing] = await assets.prepare(chosen);
  if (missing) throw new LabError('environment', missing.message, missing.hint);
  return { chosen, digest: digestProfile(chosen) };
}

/** The answer files of an armed boot: for the disk that was confirmed, whatever the inventory says by now. */
export function renderAnswers(
  { chosen, host, arming, session, token }: JobInput,
  server: string,
  sshKeys: readonly string[],
): readonly AnswerFile[] {
  const { told } = arming;
  return (
    chosen.profile.answers?.({
      host,
      options: chosen.options,
      firmware: readFirmware(told['firmware']),
      disk: arming.order.disk,
      server,
      answersUrl: `${server}/boot/answers/${token}`,
      reportUrl: `${server}/boot/report/${session}`,
      sshKeys,
      network: {
        address: told['ip'] ?? '',
        netmask: told['netmask'] ?? '',
        gateway: told['gateway'] ?? '',
        dns: told['dns'] ?? '',
      },
    }) ?? []
  );
}

function readFirmware(text: string | undefined) {
  return text === 'uefi-x64' || text === 'uefi-arm64' || text === 'uefi-ia32' ? text : 'bios';
}
