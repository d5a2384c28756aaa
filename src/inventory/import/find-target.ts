import { explainHostName } from '../../model/dns-name.ts';
import type { Host, Inventory } from '../../model/host.ts';
import type { ImportRow } from '../../model/import.ts';
import { foldWidth, tidyText } from '../../model/tidy-text.ts';
import { isJunkSerial } from '../rules/duplicates.ts';
import { cellOf, type Refusal } from './planned-row.ts';

/** Hosts and groups by what rows call them. */
export interface TargetIndex {
  readonly byName: ReadonlyMap<string, Host>;
  readonly byMac: ReadonlyMap<string, Host>;
  readonly bySerial: ReadonlyMap<string, Host>;
  /** Group names by their folded name and by the title of their room. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

/** The host a row is about, or the group it is to be added to. */
export interface Target {
  readonly host: string;
  readonly existing: Host | undefined;
  readonly group: string;
}

/** Makes the index of an inventory. */
export function indexTargets({ hosts, groups, rooms }: Inventory): TargetIndex {
  const named = new Map<string, string[]>();
  const add = (text: string, name: string): void => {
    const list = named.get(foldText(text)) ?? [];
    if (!list.includes(name)) named.set(foldText(text), [...list, name]);
  };
  for (const { name, title } of rooms) if (title !== '') add(title, name);
  for (const { name } of groups) if (name !== 'all' && name !== 'ungrouped') add(name, name);
  return {
    byName: new Map(hosts.map((host) => [host.name.toLowerCase(), host])),
    byMac: new Map(
      hosts.flatMap((host) =>
        host.macs.filter(({ role }) => role !== 'dock').map(({ addr }) => [addr, host] as const),
      ),
    ),
    bySerial: new Map(
      hosts
        .filter(({ serial }) => serial !== '' && !isJunkSerial(serial))
        .map((host) => [host.serial.toLowerCase(), host]),
    ),
    groups: named,
  };
}

/** Finds the host by name, else by MAC address, else by serial number; for a new one the group. `room` is where rows without a room belong. */
export function findTarget(
  row: ImportRow,
  macs: readonly string[],
  index: TargetIndex,
  room: string | undefined,
): Target | { readonly refused: Refusal } {
  const { name, serial } = row.fields;
  const existing =
    name === undefined
      ? (macs.flatMap((addr) => index.byMac.get(addr) ?? [])[0] ??
        index.bySerial.get(serial?.text.toLowerCase() ?? ''))
      : index.byName.get(name.text.toLowerCase());
  const refused = existing ? undefined : refuseNew(row);
  if (refused) return { refused };
  const group = findGroup(row, index, room, existing);
  if (typeof group !== 'string') return { refused: group };
  return { host: existing?.name ?? name?.text ?? '', existing, group };
}

function refuseNew(row: ImportRow): Refusal | undefined {
  const { name } = row.fields;
  if (name === undefined)
    return {
      cell: cellOf(row, 'mac'),
      reason: 'no host has this MAC address or serial number, and a new one needs a name',
      hint: 'add the computer name to the row',
    };
  const why = explainHostName(name.text);
  if (why === '') return undefined;
  return {
    cell: name.cell,
    reason: `the name "${name.text}" ${why}`,
    hint: 'use letters, digits and hyphens, such as a07',
  };
}

function findGroup(
  row: ImportRow,
  index: TargetIndex,
  room: string | undefined,
  existing: Host | undefined,
): string | Refusal {
  const written = row.fields.room?.text ?? room;
  const cell = cellOf(row, 'room');
  if (written === undefined) {
    if (existing) return '';
    const hint = 'add the room to the row, or name it for all rows: --room ROOM';
    return { cell, reason: 'a new host needs a room', hint };
  }
  const groups = index.groups.get(foldText(written)) ?? [];
  const group = groups.find((name) => existing?.groups.includes(name)) ?? groups[0];
  if (group === undefined)
    return {
      cell,
      reason: `there is no room "${written}" in the inventory`,
      hint: `write the group with its room into the inventory first${tellRooms(index)}`,
    };
  if (existing && !existing.groups.includes(group))
    return {
      cell,
      reason: `${existing.name} is in ${existing.room?.name ?? existing.groups.join(', ')}, not in ${group}`,
      hint: 'move the host to the other group in the inventory, or correct the row',
    };
  if (!existing && groups.length > 1)
    return {
      cell,
      reason: `"${written}" may be ${groups.join(' or ')}`,
      hint: "write the group's name",
    };
  return group;
}

function tellRooms({ groups }: TargetIndex): string {
  const known = [...new Set([...groups.values()].flat())].slice(0, 12);
  return known.length === 0 ? '' : `; there are ${known.join(', ')}`;
}

/** Reduces a text to what people would call the same. */
export function foldText(text: string): string {
  return foldWidth(tidyText(text)).replaceAll(/\s+/g, ' ').toLowerCase();
}
