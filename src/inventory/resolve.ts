import {
  type Group,
  type Host,
  hostClasses,
  hostStatuses,
  type Inventory,
  ownerships,
  type Room,
} from '../model/host.ts';
import { localBoots } from '../model/local-boot.ts';
import { positionOf } from '../model/located.ts';
import { type Problem, sortProblems } from '../model/problem.ts';
import { makeVars, type Vars } from '../model/value.ts';
import type { Assignment, RawHost, RawInventory } from './raw.ts';
import { readConnection } from './resolve-connection.ts';
import { readIp, readMacs, readOwner, readUuid } from './resolve-identity.ts';
import { makeRoomFinder, readRooms } from './resolve-rooms.ts';
import { type Reader, readFlag, readText, readWord } from './resolve-values.ts';

/**
 * Reads Labkit's own variables and how each host is reached. A value that cannot be what it should becomes a problem and its field stays empty; what is
 * wrong between values, hosts and rooms is for `lintInventory` to say.
 */
export function resolveInventory(raw: RawInventory): {
  inventory: Inventory;
  problems: Problem[];
} {
  const problems = new Map<string, Problem>();
  const rooms = readRooms(raw, problems);
  const findRoom = makeRoomFinder(raw, rooms);
  const hosts = [...raw.hosts.values()].map((host) =>
    resolveHost(host, findRoom(host), { effective: host.effective, problems }),
  );
  const groups = [...raw.groups.values()].map(({ name, children, hosts: members, effective }) => {
    const room = rooms.get(name);
    const group: Group = { name, children, hosts: members, vars: varsOf(effective) };
    return room ? { ...group, room } : group;
  });
  const files = raw.files.map(({ path }) => path);
  return {
    inventory: { hosts, groups, rooms: [...rooms.values()], files },
    problems: sortProblems([...problems.values()]),
  };
}

function resolveHost(host: RawHost, room: Room | undefined, reader: Reader): Host {
  const macs = readMacs(reader);
  const ip = readIp(reader);
  const { name, groups, effective } = host;
  // Only judged here: whoever renders a boot script reads it from the variables.
  readWord(reader, 'local_boot', localBoots);
  return {
    name,
    groups,
    ...(room ? { room } : {}),
    seat: readText(reader, 'seat'),
    mac: macs.find(({ primary }) => primary)?.addr ?? '',
    macs,
    ip,
    owner: readOwner(reader),
    asset: readText(reader, 'asset'),
    serial: readText(reader, 'serial'),
    uuid: readUuid(reader),
    model: readText(reader, 'model'),
    class: readWord(reader, 'class', hostClasses),
    ownership: readWord(reader, 'ownership', ownerships) || 'school',
    status: readWord(reader, 'status', hostStatuses) || 'active',
    switchPort: readText(reader, 'switch_port'),
    vlan: readText(reader, 'vlan'),
    profile: readText(reader, 'profile'),
    protected: readFlag(reader, 'protected'),
    power: effective.get('power')?.value ?? null,
    vars: varsOf(effective),
    connection: readConnection(reader, ip || name),
    at: host.mentions[0]?.at ?? { file: '', line: 1, column: 1 },
    originOf: (variable) => {
      const assignment = effective.get(variable);
      return assignment && positionOf(assignment.node);
    },
  };
}

function varsOf(effective: ReadonlyMap<string, Assignment>): Vars {
  const vars = makeVars();
  for (const [name, { value }] of effective) vars[name] = value;
  return vars;
}
