import type { Host, Inventory } from '../model/host.ts';
import { containsIp, ipNumber, reservedAs, type Subnet } from '../model/ip.ts';
import type { Problem } from '../model/problem.ts';
import { checkGateways, checkOverlaps, type RoomSubnet, readRoomSubnets } from './dhcp-rooms.ts';
import { checkedHosts, isHostIp, problemOf } from './export-problems.ts';

/** One subnet as a DHCP server is told it, with the hosts in it; rooms of one subnet share it. */
export interface DhcpSubnet {
  readonly subnet: Subnet;
  /** Its first address, such as 10.1.1.0. */
  readonly network: string;
  readonly netmask: string;
  /** '' where no room says. */
  readonly gateway: string;
  readonly rooms: readonly string[];
  readonly hosts: readonly Host[];
}

/** The subnets of hosts in the order of their addresses. Throws LabError 'input' with all problems of hosts and rooms that a DHCP server would misread. */
export function readDhcpSubnets(
  format: string,
  hosts: readonly Host[],
  inventory: Inventory,
  macs: (host: Host) => readonly string[],
  more: (hosts: readonly Host[]) => readonly Problem[] = () => [],
): readonly DhcpSubnet[] {
  let subnets: readonly DhcpSubnet[] = [];
  checkedHosts(format, hosts, { name: true, ip: true, macs }, (kept) => {
    const problems: Problem[] = [];
    subnets = groupBySubnet(kept, readRoomSubnets(inventory, kept, problems), problems);
    return [...problems, ...more(kept)];
  });
  return subnets;
}

function groupBySubnet(
  hosts: readonly Host[],
  rooms: ReadonlyMap<string, RoomSubnet>,
  problems: Problem[],
): DhcpSubnet[] {
  const groups = new Map<string, { places: Set<RoomSubnet>; hosts: Host[] }>();
  const gateways = new Set([...rooms.values()].map(({ room }) => room.gateway));
  for (const host of hosts) {
    const place = findPlace(host, rooms, problems);
    if (!place) continue;
    problems.push(...checkAddress(host, place.subnet, gateways));
    const group = groups.get(place.subnet.text) ?? { places: new Set(), hosts: [] };
    groups.set(place.subnet.text, group);
    group.places.add(place);
    group.hosts.push(host);
  }
  const found = [...groups.values()].map(({ places, hosts: members }) =>
    makeSubnet([...places], members, problems),
  );
  found.sort((a, b) => (a.subnet.first < b.subnet.first ? -1 : 1));
  problems.push(
    ...checkOverlaps([...groups.values()].flatMap(({ places }) => [...places].slice(0, 1))),
  );
  return found;
}

/** The room whose subnet a host is in: its own; for a host in another VLAN than its room, whichever holds its address. */
function findPlace(
  host: Host,
  rooms: ReadonlyMap<string, RoomSubnet>,
  problems: Problem[],
): RoomSubnet | undefined {
  const own = host.room && rooms.get(host.room.name);
  if (!isHostIp(host.ip)) return undefined;
  if (own && containsIp(own.subnet, host.ip)) return own;
  const isElsewhere = !host.room || (host.vlan !== '' && host.vlan !== host.room.vlan);
  const other = isElsewhere
    ? [...rooms.values()].find(({ subnet }) => containsIp(subnet, host.ip))
    : undefined;
  if (other) return other;
  if (own || !host.room)
    problems.push(
      problemOf(host, 'ip', {
        rule: 'ip-outside-subnet',
        message: own
          ? `has ${host.ip}, which is outside ${own.subnet.text}, the subnet of ${host.room?.name}`
          : `has ${host.ip}, which is in the subnet of no room`,
        hint: 'correct the address, or the subnet of the room',
      }),
    );
  return undefined;
}

function checkAddress(host: Host, subnet: Subnet, gateways: ReadonlySet<string>): Problem[] {
  const hint = 'give the host another address';
  const reserved = reservedAs(subnet, host.ip);
  if (reserved !== '') {
    const message = `has ${host.ip}, the ${reserved} address of ${subnet.text}`;
    return [problemOf(host, 'ip', { rule: 'ip-reserved', message, hint })];
  }
  if (!gateways.has(host.ip)) return [];
  const message = `has ${host.ip}, the gateway of a room`;
  return [problemOf(host, 'ip', { rule: 'ip-is-gateway', message, hint })];
}

function makeSubnet(
  places: readonly RoomSubnet[],
  hosts: readonly Host[],
  problems: Problem[],
): DhcpSubnet {
  const [first] = places;
  if (!first) throw new TypeError('a subnet belongs to at least one room');
  const { subnet } = first;
  const gateway = places.find(({ room }) => room.gateway !== '')?.room.gateway ?? '';
  problems.push(...checkGateways(places));
  const rooms = places.map(({ room }) => room.name);
  const network = subnet.text.split('/')[0] ?? '';
  return { subnet, network, netmask: netmaskOf(subnet.prefix), gateway, rooms, hosts };
}

/** The mask of a prefix length, such as 255.255.255.0 for 24 (RFC 4632, 3.1). */
function netmaskOf(prefix: number): string {
  return [0, 8, 16, 24]
    .map((before) => 256 - 2 ** (8 - Math.min(8, Math.max(0, prefix - before))))
    .join('.');
}

/** The first address of a subnet as a number that stays the same whatever rooms come and go; DHCP servers that number their subnets take it as the id. */
export function idOf({ network }: DhcpSubnet): number {
  return Number(ipNumber(network));
}
