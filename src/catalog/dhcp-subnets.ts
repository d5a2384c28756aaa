import type { Host, Inventory, Room } from '../model/host.ts';
import {
  containsIp,
  ipNumber,
  overlaps,
  parseSubnet,
  reservedAs,
  type Subnet,
} from '../model/ip.ts';
import type { Problem } from '../model/problem.ts';
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
    subnets = groupBySubnet(kept, readRooms(inventory, kept, problems), problems);
    return [...problems, ...more(kept)];
  });
  return subnets;
}

interface RoomSubnet {
  readonly room: Room;
  readonly subnet: Subnet;
}

/** The rooms that have an IPv4 subnet; problems are told of those that the hosts are in. */
function readRooms(
  inventory: Inventory,
  hosts: readonly Host[],
  problems: Problem[],
): Map<string, RoomSubnet> {
  const used = new Set(hosts.map(({ room }) => room?.name));
  const found = new Map<string, RoomSubnet>();
  for (const room of inventory.rooms) {
    const parsed = parseSubnet(room.subnet);
    if ('subnet' in parsed && parsed.subnet.version === 4)
      found.set(room.name, { room, subnet: parsed.subnet });
    else if (used.has(room.name))
      problems.push(
        roomProblem(room, 'subnet', 'no-subnet', 'has no IPv4 subnet', 'write subnet: 10.1.1.0/24'),
      );
  }
  return found;
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
  problems.push(...checkOverlaps([...groups.values()].map(({ places }) => [...places][0])));
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
  const withGateway = places.filter(({ room }) => room.gateway !== '');
  const gateway = withGateway[0]?.room.gateway ?? '';
  for (const { room } of withGateway) {
    if (!containsIp(subnet, room.gateway) || reservedAs(subnet, room.gateway) !== '')
      problems.push(
        roomProblem(
          room,
          'gateway',
          'gateway-outside-subnet',
          `has the gateway ${room.gateway}, which is no host's address in ${subnet.text}`,
          'correct one of the two',
        ),
      );
    if (room.gateway !== gateway)
      problems.push(
        roomProblem(
          room,
          'gateway',
          'two-gateways',
          `has the gateway ${room.gateway}, but ${withGateway[0]?.room.name} of the same subnet has ${gateway}`,
          'write the same gateway for all rooms of a subnet',
        ),
      );
  }
  const rooms = places.map(({ room }) => room.name);
  const network = subnet.text.split('/')[0] ?? '';
  return { subnet, network, netmask: netmaskOf(subnet.prefix), gateway, rooms, hosts };
}

function checkOverlaps(places: readonly (RoomSubnet | undefined)[]): Problem[] {
  const sorted = places
    .filter((place) => place !== undefined)
    .sort((a, b) => (a.subnet.first < b.subnet.first ? -1 : 1));
  return sorted.flatMap(({ room, subnet }, index) => {
    const before = sorted.slice(0, index).find((other) => overlaps(other.subnet, subnet));
    if (!before) return [];
    const message = `has the subnet ${subnet.text}, which overlaps ${before.subnet.text} of ${before.room.name}`;
    return [roomProblem(room, 'subnet', 'overlapping-rooms', message, 'correct one of the two')];
  });
}

function roomProblem(
  room: Room,
  field: string,
  rule: string,
  message: string,
  hint: string,
): Problem {
  return {
    ...room.at,
    severity: 'error',
    rule,
    path: `${room.name}.room.${field}`,
    message: `the room ${room.name} ${message}`,
    hint,
  };
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
