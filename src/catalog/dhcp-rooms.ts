import type { Host, Inventory, Room } from '../model/host.ts';
import { containsIp, overlaps, parseSubnet, reservedAs, type Subnet } from '../model/ip.ts';
import type { Problem } from '../model/problem.ts';

/** A room with its IPv4 subnet. */
export interface RoomSubnet {
  readonly room: Room;
  readonly subnet: Subnet;
}

/** The rooms that have an IPv4 subnet; problems are told of those that the hosts are in. */
export function readRoomSubnets(
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

/** Gateways of the rooms of one subnet that no host there can have, or that differ. */
export function checkGateways(places: readonly RoomSubnet[]): Problem[] {
  const withGateway = places.filter(({ room }) => room.gateway !== '');
  const [first] = withGateway;
  return withGateway.flatMap(({ room, subnet }) => {
    const say = (rule: string, message: string, hint: string) =>
      roomProblem(room, 'gateway', rule, `has the gateway ${room.gateway}, ${message}`, hint);
    const isOutside = !containsIp(subnet, room.gateway) || reservedAs(subnet, room.gateway) !== '';
    const other = first && first.room.gateway !== room.gateway ? first.room : undefined;
    return [
      ...(isOutside
        ? [
            say(
              'gateway-outside-subnet',
              `which is no host's address in ${subnet.text}`,
              'correct one of the two',
            ),
          ]
        : []),
      ...(other
        ? [
            say(
              'two-gateways',
              `but ${other.name} of the same subnet has ${other.gateway}`,
              'write the same gateway for all rooms of a subnet',
            ),
          ]
        : []),
    ];
  });
}

/** Subnets that share addresses with another one. */
export function checkOverlaps(places: readonly RoomSubnet[]): Problem[] {
  const sorted = [...places].sort((a, b) => (a.subnet.first < b.subnet.first ? -1 : 1));
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
