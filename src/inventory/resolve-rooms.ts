import type { Room } from '../model/host.ts';
import { parseIp, parseSubnet } from '../model/ip.ts';
import { positionOf } from '../model/located.ts';
import type { Problem } from '../model/problem.ts';
import { isMapping, type Value } from '../model/value.ts';
import type { RawGroup, RawHost, RawInventory } from './raw.ts';
import { isVault, type Part, partsOf, type Reader, reportValue, textOf } from './resolve-values.ts';

/** Reads the rooms: the groups with a `room` variable, by the group's name. */
export function readRooms(raw: RawInventory, problems: Map<string, Problem>): Map<string, Room> {
  const rooms = new Map<string, Room>();
  for (const group of raw.groups.values()) {
    const room = readRoom(group, { effective: group.effective, problems });
    if (room) rooms.set(group.name, room);
  }
  return rooms;
}

function readRoom({ name, effective }: RawGroup, reader: Reader): Room | undefined {
  const assignment = effective.get('room');
  if (!assignment || assignment.value === null || isVault(assignment.value)) return undefined;
  const title = textOf(assignment);
  const isRoom = isMapping(assignment.value) || title !== undefined;
  if (!isRoom) {
    reportValue(reader, assignment.path, assignment.node, {
      rule: 'bad-room',
      message: 'room takes a mapping or a title',
      hint: 'write room: {title: ..., subnet: 10.1.1.0/24, gateway: 10.1.1.254, columns: 8}',
    });
    return undefined;
  }
  const fields = isMapping(assignment.value)
    ? partsOf(assignment)
    : new Map<string, Part>([['title', assignment]]);
  const field: ReadField = (key, check) =>
    readField(reader, `${assignment.path}.${key}`, fields.get(key), key, check);
  return {
    name,
    title: field('title'),
    kind: field('kind'),
    maintainer: maintainerOf(fields.get('maintainer')) ?? field('maintainer'),
    subnet: field('subnet', parseSubnet),
    gateway: field('gateway', parseIp),
    vlan: field('vlan'),
    columns: Number(field('columns', checkColumns)),
    lessons: lessonsOf(fields.get('lessons')),
    at: positionOf(assignment.key),
  };
}

type Check = (text: string) => object | { readonly problem: string; readonly hint: string };
type ReadField = (key: string, check?: Check) => string;

function readField(
  reader: Reader,
  path: string,
  part: Part | undefined,
  key: string,
  check?: Check,
): string {
  const text = part && textOf(part);
  if (!part || text === '' || isVault(part.value)) return '';
  const checked = text === undefined ? wrongShape(key) : (check?.(text) ?? {});
  if (!('problem' in checked)) return text ?? '';
  reportValue(reader, path, part.node, {
    rule: 'bad-room',
    message: `${key} of the room: ${String(checked.problem)}`,
    hint: 'hint' in checked ? String(checked.hint) : '',
  });
  return '';
}

function wrongShape(key: string): { problem: string; hint: string } {
  return { problem: 'it takes a text', hint: `write one value behind "${key}:"` };
}

function checkColumns(text: string): object {
  if (/^[1-9]\d{0,2}$/.test(text)) return {};
  return {
    problem: `"${text.slice(0, 20)}" is not a number of seats`,
    hint: 'write how many seats stand in one row, such as 8',
  };
}

/** The name of a person in charge who is written as a mapping, like an owner. */
function maintainerOf(part: Part | undefined): string | undefined {
  if (!part || !isMapping(part.value) || isVault(part.value)) return undefined;
  const name = partsOf(part).get('name');
  return (name && textOf(name)) ?? '';
}

function lessonsOf(part: Part | undefined): Value {
  return part?.value ?? null;
}

/** Finds the room of a host: of the rooms among its groups the nearest one; of several equally near ones the first by name. */
export function makeRoomFinder(
  raw: RawInventory,
  rooms: ReadonlyMap<string, Room>,
): (host: RawHost) => Room | undefined {
  const parents = new Map<string, string[]>();
  const direct = new Map<string, string[]>();
  for (const { name, children, hosts } of raw.groups.values()) {
    for (const child of children) append(parents, child, name);
    for (const host of hosts) append(direct, host, name);
  }
  return ({ name }) => nearestRoom(direct.get(name) ?? [], parents, rooms);
}

function append(lists: Map<string, string[]>, key: string, item: string): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

function nearestRoom(
  groups: readonly string[],
  parents: ReadonlyMap<string, readonly string[]>,
  rooms: ReadonlyMap<string, Room>,
): Room | undefined {
  for (let level = groups; level.length > 0; ) {
    const [first] = level.filter((name) => rooms.has(name)).sort();
    if (first !== undefined) return rooms.get(first);
    level = [...new Set(level.flatMap((name) => parents.get(name) ?? []))];
  }
  return undefined;
}
