import type { Host } from '../model/host.ts';
import { foldNames } from '../model/host-names.ts';
import { isLeftOut, tellLeftOut, vlanOf } from './export-problems.ts';
import { devicesOf, hostsOnSwitch, type SwitchOptions } from './switch-export.ts';

/** What to know before binding hosts on a switch, one sentence each; `guards` says that these lines make it drop what is not bound. */
export function tellSwitchWarnings(
  all: readonly Host[],
  options: SwitchOptions,
  guards: boolean,
): string[] {
  const hosts = hostsOnSwitch(all, options.switch);
  const kept = hosts.filter((host) => !isLeftOut(host));
  const devices = [...devicesOf(kept)].filter((name) => name !== '');
  const withoutVlan = kept.filter((host) => vlanOf(host) === '').map(({ name }) => name);
  const several = kept
    .filter(({ macs }) => macs.filter(({ role }) => role !== 'bmc').length > 1)
    .map(({ name }) => name);
  return [
    ...tellLeftOut(hosts),
    ...(guards
      ? tellGuarding(options)
      : ['Bindings alone drop nothing on most switches; checking ports is a line of its own.']),
    ...(withoutVlan.length === 0 ? [] : [`No VLAN is known for ${foldNames(withoutVlan)}.`]),
    ...(several.length === 0
      ? []
      : [`Only the primary network card is bound of ${foldNames(several)}.`]),
    ...(options.switch === '' && devices.length > 1
      ? [
          `These PCs are plugged into several switches (${devices.join(', ')}); switch=NAME exports one.`,
        ]
      : []),
  ];
}

function tellGuarding({ uplinks }: SwitchOptions): string[] {
  return [
    'A checked port lets through only what is bound: an uplink, a phone, an access point or a guest on it loses its network.',
    uplinks.length === 0
      ? 'No uplinks were named; make sure that none of these ports leads to another switch, a server or an access point.'
      : `Never checked are the uplinks ${uplinks.join(', ')}.`,
    'Keep a session on the console open, and do not save the configuration before the PCs were tried.',
  ];
}
