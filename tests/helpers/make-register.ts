import fc from 'fast-check';
import type { Host, HostMac, Inventory, Room } from '../../src/model/host.ts';
import { makeHost } from './make-host.ts';

const place = { file: 'inventory.yaml', line: 1, column: 1 };

/** A room with the subnet 10.<number>.0.0/16. */
function makeRoom(number: number): Room {
  return {
    name: `lab_${number}`,
    title: `计算机室 ${number}`,
    kind: '',
    maintainer: '',
    subnet: `10.${number}.0.0/16`,
    gateway: `10.${number}.255.254`,
    vlan: String(100 + number),
    columns: 8,
    lessons: null,
    at: place,
  };
}

function makeMember(room: Room, index: number, more: Partial<Host>): Host {
  const number = Number(room.vlan) - 100;
  const hex = (index + 1).toString(16).padStart(4, '0');
  const mac = `00:e0:4c:${number.toString(16).padStart(2, '0')}:${hex.slice(0, 2)}:${hex.slice(2)}`;
  const ip = `10.${number}.${(index + 1) >> 8}.${(index + 1) & 255}`;
  return makeHost(`pc${number}-${index + 1}`, {
    room,
    groups: [room.name],
    mac,
    macs: [{ addr: mac, role: 'wired', primary: true }],
    ip,
    seat: String(index + 1),
    switchPort: `sw1 GE${number}/0/${(index % 48) + 1}`,
    connection: { ...makeHost('x').connection, address: ip },
    ...more,
  });
}

/** An inventory around hosts; the groups are their rooms. */
export function makeInventory(hosts: readonly Host[], rooms: readonly Room[]): Inventory {
  const groups = rooms.map((room) => ({
    name: room.name,
    children: [],
    hosts: hosts.filter((host) => host.room === room).map(({ name }) => name),
    vars: {},
    room,
  }));
  const all = { name: 'all', children: rooms.map(({ name }) => name), hosts: [], vars: {} };
  return { hosts, groups: [all, ...groups], rooms, files: ['inventory.yaml'] };
}

/** A register of so many good PCs, 48 to a room. */
export function makeRegister(count: number, more: Partial<Host> = {}): Inventory {
  const rooms = Array.from({ length: Math.ceil(count / 48) }, (_, index) => makeRoom(index + 1));
  const hosts = Array.from({ length: count }, (_, index) =>
    makeMember(rooms[Math.floor(index / 48)] ?? makeRoom(1), index % 48, more),
  );
  return makeInventory(hosts, rooms);
}

const hexPair = fc.nat(255).map((value) => value.toString(16).padStart(2, '0'));
const anyMac = fc
  .tuple(fc.nat(127), hexPair, hexPair, hexPair, hexPair, fc.integer({ min: 1, max: 254 }))
  .map(([first, b, c, d, e, last]) =>
    [
      (first * 2).toString(16).padStart(2, '0'),
      b,
      c,
      d,
      e,
      last.toString(16).padStart(2, '0'),
    ].join(':'),
  );
const label = fc.stringMatching(/^[A-Za-z]([A-Za-z0-9-]{0,13}[A-Za-z0-9])?$/);

interface Draft {
  readonly name: string;
  readonly macs: readonly string[];
  readonly room: number;
  readonly index: number;
}

const anyDraft: fc.Arbitrary<Draft> = fc.record({
  name: label.filter((name) => !/^(?:localhost|infinite|ignore|default)$|^..--/i.test(name)),
  macs: fc.uniqueArray(anyMac, { minLength: 1, maxLength: 3 }),
  room: fc.integer({ min: 1, max: 3 }),
  index: fc.nat(60_000),
});

/** Any good register: names in capitals or not, several interfaces, three rooms, addresses anywhere in them. */
export function anyRegister(): fc.Arbitrary<Inventory> {
  return fc
    .array(anyDraft, { minLength: 1, maxLength: 8 })
    .map((drafts) => withoutTwins(drafts))
    .map((drafts) => {
      const rooms = [1, 2, 3].map(makeRoom);
      const hosts = drafts.map(({ name, macs, room, index }) =>
        makeMember(rooms[room - 1] ?? makeRoom(1), index, {
          name,
          mac: macs[0] ?? '',
          macs: macs.map(
            (addr, at): HostMac => ({ addr, role: at === 0 ? 'wired' : 'wifi', primary: at === 0 }),
          ),
          switchPort: `sw1 GE${room}/0/${(index % 48) + 1}`,
        }),
      );
      return makeInventory(hosts, rooms);
    });
}

/** One host for each name, address and port. */
function withoutTwins(drafts: readonly Draft[]): Draft[] {
  const seen = new Set<string>();
  return drafts.filter(({ name, macs, room, index }) => {
    const keys = [name.toLowerCase(), ...macs, `${room} ${index}`, `port ${room} ${index % 48}`];
    if (keys.some((key) => seen.has(key))) return false;
    for (const key of keys) seen.add(key);
    return true;
  });
}
