import type { NetworkInterfaceInfo } from 'node:os';
import type { Room } from '../../model/host.ts';
import { containsIp, parseSubnet, type Subnet } from '../../model/ip.ts';
import { LabError } from '../../model/lab-error.ts';

/** A network interface that PCs are served on. */
export interface Card {
  readonly name: string;
  readonly address: string;
  readonly mac: string;
  readonly netmask: string;
  /** `10.1.0.0`, by address and netmask. */
  readonly network: string;
}

type Interfaces = { readonly [name: string]: readonly NetworkInterfaceInfo[] | undefined };

/** The interface that was named, else the one in a room's subnet, else the only one there is. Throws LabError 'environment' or 'usage' with those that there are. */
export function selectCard(
  interfaces: Interfaces,
  rooms: readonly Room[],
  wanted: string | undefined,
): Card {
  const cards = listCards(interfaces);
  const known = cards.map(({ name, address }) => `${name} (${address})`).join(', ') || 'none';
  if (wanted !== undefined) {
    const found = cards.find(({ name }) => name === wanted);
    if (found) return found;
    throw new LabError(
      'environment',
      `--interface ${wanted}: no such interface with an IPv4 address`,
      `there is ${known}`,
    );
  }
  const subnets = roomSubnets(rooms);
  const inRooms = cards.filter(({ address }) => subnets.some((one) => containsIp(one, address)));
  const [first, second] = inRooms.length > 0 ? inRooms : cards;
  if (first && !second) return first;
  const why = first ? 'several interfaces could be meant' : 'this machine has no IPv4 address';
  throw new LabError('usage', `${why}: ${known}`, 'name the one the PCs are on: --interface NAME');
}

/** IPv4 subnets of rooms; those that cannot be read are what `inventory validate` tells. */
export function roomSubnets(rooms: readonly Room[]): Subnet[] {
  return rooms.flatMap(({ subnet }) => {
    const parsed = parseSubnet(subnet);
    return 'subnet' in parsed && parsed.subnet.version === 4 ? [parsed.subnet] : [];
  });
}

function listCards(interfaces: Interfaces): Card[] {
  return Object.entries(interfaces).flatMap(([name, addresses]) =>
    (addresses ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .slice(0, 1)
      .map(({ address, netmask, mac }) => ({
        ...{ name, address, netmask, mac },
        network: maskAddress(address, netmask),
      })),
  );
}

/** The address of the network that an address is in. */
export function maskAddress(address: string, netmask: string): string {
  const mask = netmask.split('.').map(Number);
  return address
    .split('.')
    .map((part, at) => Number(part) & (mask[at] ?? 0))
    .join('.');
}

/** `255.255.255.0` for 24. */
export function netmaskOf(prefix: number): string {
  return [0, 8, 16, 24]
    .map((before) => 256 - 2 ** (8 - Math.max(0, Math.min(8, prefix - before))))
    .join('.');
}
