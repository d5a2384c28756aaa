import type { Room } from '../../model/host.ts';
import { containsIp, overlaps, parseIp, parseSubnet, type Subnet } from '../../model/ip.ts';
import {
  type Finding,
  hostsInUse,
  type LintContext,
  placeOf,
  placeOfRoom,
  type Rule,
  shownPlace,
} from './rule.ts';

/** Rules about rooms and places in them. */
export const roomRules: readonly Rule[] = [
  {
    name: 'no-room',
    severity: 'warning',
    summary: 'A host in use is in no room.',
    *find(context) {
      for (const host of hostsInUse(context))
        if (!host.room)
          yield {
            ...placeOf(context, host),
            host: host.name,
            message: 'in no room',
            hint: 'put it into a group with a `room` variable; a canteen is a room, too',
          };
    },
  },
  {
    name: 'two-rooms',
    severity: 'error',
    summary: 'A host is in two rooms.',
    find: findTwoRooms,
  },
  {
    name: 'no-seat',
    severity: 'warning',
    summary: 'A PC in a room with a seat map has no seat.',
    *find(context) {
      for (const host of hostsInUse(context))
        if (host.seat === '' && host.room && host.room.columns > 0 && takesSeat(host.class))
          yield {
            ...placeOf(context, host),
            host: host.name,
            message: `no seat in ${host.room.name}`,
            hint: 'add seat: "07" with the number on the desk',
          };
    },
  },
  {
    name: 'room-without-maintainer',
    severity: 'warning',
    summary: 'Nobody is in charge of a room.',
    *find(context) {
      for (const room of context.inventory.rooms)
        if (room.maintainer === '')
          yield {
            ...placeOfRoom(context, room),
            message: `nobody is in charge of ${room.name}`,
            hint: 'add maintainer: with the name of the person',
          };
    },
  },
  {
    name: 'empty-room',
    severity: 'warning',
    summary: 'A room has no hosts.',
    *find(context) {
      const used = new Set(context.inventory.hosts.map((host) => host.room?.name));
      for (const room of context.inventory.rooms)
        if (!used.has(room.name))
          yield {
            ...placeOfRoom(context, room),
            message: `${room.name} has no hosts`,
            hint: 'add its hosts, or take the room out',
          };
    },
  },
  {
    name: 'gateway-outside-subnet',
    severity: 'error',
    summary: 'The gateway of a room is not within its subnet.',
    *find(context) {
      for (const { room, subnet } of roomsWithSubnet(context))
        if ('ip' in parseIp(room.gateway) && !containsIp(subnet, room.gateway))
          yield {
            ...placeOfRoom(context, room, 'gateway'),
            message: `the gateway ${room.gateway} of ${room.name} is outside its subnet ${subnet.text}`,
            hint: 'correct the gateway or the subnet',
          };
    },
  },
  {
    name: 'overlapping-rooms',
    severity: 'error',
    summary: 'The subnets of two rooms overlap without being one VLAN.',
    find: findOverlaps,
  },
];

/** A room within a room (a lab on a campus) is one place; two rooms side by side are not. */
function* findTwoRooms(context: LintContext): Iterable<Finding> {
  const rooms = new Set(context.inventory.rooms.map(({ name }) => name));
  const within = new Map([...rooms].map((name) => [name, groupsBelow(context, name)]));
  for (const host of context.inventory.hosts) {
    const own = host.groups.filter((name) => rooms.has(name));
    if (own.length < 2) continue;
    const apart = own.filter((name) => !own.some((other) => within.get(name)?.has(other)));
    const last = context.raw.hosts.get(host.name)?.mentions.at(-1);
    if (apart.length > 1 && last)
      yield {
        at: last.at,
        path: last.path,
        host: host.name,
        message: `in the rooms ${apart.join(' and ')}`,
        hint: 'leave it in the room where it stands; use a group without `room` for anything else',
      };
  }
}

function groupsBelow({ raw }: LintContext, name: string): ReadonlySet<string> {
  const below = new Set(raw.groups.get(name)?.children);
  for (const child of below)
    for (const deeper of raw.groups.get(child)?.children ?? []) below.add(deeper);
  return below;
}

function takesSeat(kind: string): boolean {
  return kind === '' || kind === 'student' || kind === 'thin';
}

interface RoomWithSubnet {
  readonly room: Room;
  readonly subnet: Subnet;
}

function roomsWithSubnet(context: LintContext): RoomWithSubnet[] {
  return context.inventory.rooms.flatMap((room) => {
    const parsed = parseSubnet(room.subnet);
    return 'subnet' in parsed ? [{ room, subnet: parsed.subnet }] : [];
  });
}

/** Sorted by their first address, only subnets that are still open can overlap the next one. */
function* findOverlaps(context: LintContext): Iterable<Finding> {
  const rooms = roomsWithSubnet(context).sort(
    (a, b) => a.subnet.version - b.subnet.version || Number(a.subnet.first - b.subnet.first),
  );
  let open: RoomWithSubnet[] = [];
  for (const one of rooms) {
    open = open.filter((other) => overlaps(one.subnet, other.subnet));
    const other = open.find((candidate) => !isSharedLan(one, candidate));
    // Classrooms along a corridor share one LAN; one of them is enough to compare with.
    if (!open.some((candidate) => isSharedLan(one, candidate))) open.push(one);
    if (!other) continue;
    const first = placeOfRoom(context, other.room, 'subnet');
    yield {
      ...placeOfRoom(context, one.room, 'subnet'),
      message: `the subnet ${one.subnet.text} of ${one.room.name} overlaps ${other.subnet.text} of ${other.room.name} (${shownPlace(first.at)})`,
      hint: 'correct one of them; rooms on one LAN have the same subnet and vlan',
    };
  }
}

function isSharedLan(one: RoomWithSubnet, other: RoomWithSubnet): boolean {
  const isSameSubnet =
    one.subnet.first === other.subnet.first && one.subnet.last === other.subnet.last;
  return isSameSubnet && one.room.vlan === other.room.vlan;
}
