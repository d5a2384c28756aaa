import type { Binding } from '../model/export.ts';
import type { Host } from '../model/host.ts';
import { foldNames } from '../model/host-names.ts';
import { parseIp } from '../model/ip.ts';
import { number, type Option } from '../model/options.ts';
import { tellLeftOut } from './export-problems.ts';

/** What every DHCP server is told beside the reservations. */
export interface DhcpOptions {
  readonly leaseHours: number;
  readonly dns: readonly string[];
}

/** The settings all exports for DHCP servers share. */
export const dhcpOptions = {
  leaseHours: number(12, 'how long a PC keeps its address without asking again', {
    min: 1,
    max: 24 * 365,
  }),
  dns: addresses('name servers the PCs are told; none: they are told nothing about names'),
};

function addresses(summary: string): Option<readonly string[]> {
  return {
    summary,
    fallback: [],
    read(value) {
      const items = Array.isArray(value) ? value : String(value).split(',');
      const found = items.map((item) => String(item).trim());
      const bad = found.find((item) => item.includes(':') || !('ip' in parseIp(item)));
      return bad === undefined
        ? { value: found }
        : { problem: 'write IPv4 addresses, with commas between them' };
    },
  };
}

/** What `Export.read` gives back. */
export interface ReadBindings {
  readonly bindings: readonly Binding[];
  readonly unknown: readonly { line: number; text: string }[];
}

/** A binding with what was found; everything else is empty. */
export function makeBinding(found: Partial<Binding> & { readonly line: number }): Binding {
  return { mac: '', ip: '', name: '', vlan: '', port: '', ...found };
}

/** What holds for every DHCP server: hosts left out, rooms without a gateway, addresses that are not in use yet. */
export function tellDhcp(hosts: readonly Host[]): string[] {
  const used = hosts.flatMap(({ room }) => room ?? []);
  const withGateway = new Set(used.flatMap((room) => (room.gateway === '' ? [] : [room.subnet])));
  const rooms = new Set(
    used.filter(({ subnet }) => !withGateway.has(subnet)).map(({ name }) => name),
  );
  return [
    ...tellLeftOut(hosts),
    ...(rooms.size === 0
      ? []
      : [`No gateway is written for ${foldNames([...rooms])}: its PCs are told no way out.`]),
    'PCs that are not in this file get no address from these subnets.',
  ];
}

/** What a server that takes one address for a host leaves out. */
export function tellOnlyPrimary(
  hosts: readonly Host[],
  ownMacs: (host: Host) => readonly string[],
) {
  const several = hosts.filter((host) => ownMacs(host).length > 1).map(({ name }) => name);
  return several.length === 0
    ? []
    : [
        `Only the primary MAC address is written of ${foldNames(several)}: by its others it gets no address.`,
      ];
}
