import type { Group, Host, Owner } from '../../model/host.ts';
import type { ImportField } from '../../model/import.ts';
import { isMapping, type Value } from '../../model/value.ts';
import type { RawHost } from '../raw.ts';
import { foldText } from './find-target.ts';
import type { PlannedChange, Refusal, Wish } from './planned-row.ts';

/** What a row changes in the inventory, by the keys that `planEdits` takes. */
export interface FoundChanges {
  readonly changes: readonly PlannedChange[];
  readonly notes: readonly { readonly cell: string; readonly text: string }[];
}

const ownerFields = ['name', 'id', 'department', 'phone'] as const;

/** Compares a row with the host as it is. Cells that are empty change nothing. */
export function findChanges(
  wish: Wish,
  host: Host,
  raw: RawHost,
): FoundChanges | { readonly refused: Refusal } {
  const changes: PlannedChange[] = [];
  for (const [field, after] of wish.values) {
    if (field.startsWith('owner.')) continue;
    const before = plainValue(host, field);
    if (!isSame(field, before, after)) changes.push({ key: field, before, after });
  }
  const owner = findOwnerChanges(wish, host, raw);
  const mac = findMacChanges(wish, host, raw);
  if ('refused' in mac) return mac;
  return { changes: [...changes, ...mac.changes, ...owner.changes], notes: owner.notes };
}

/** What is written for a new host: everything the row says, except what its group says already. */
export function firstValues(
  { values, macs }: Wish,
  group: Group | undefined,
  groups: readonly Group[],
): readonly PlannedChange[] {
  const said = group?.vars ?? {};
  const owner = ownerOf(said['owner'] ?? null);
  const sameOwner = ownerFields.every((field) => {
    const value = values.get(`owner.${field}`);
    return value === undefined || value === owner[field];
  });
  const kept = [...values].filter(([field, value]) => {
    if (field.startsWith('owner.')) return !sameOwner;
    if (said[field] !== undefined) return String(said[field]) !== value;
    const isDefault = defaults.get(field) === value;
    return !(isDefault && groups.every(({ vars }) => vars[field] === undefined));
  });
  const mac = macs.length === 0 ? [] : [['mac', renderMacs(macs)] as const];
  // Something must be written of a host, or it is not there.
  const written = mac.length + kept.length > 0 ? kept : [...values];
  return [...mac, ...written].map(([key, after]) => ({ key, before: '', after }));
}

const defaults: ReadonlyMap<string, string> = new Map([
  ['status', 'active'],
  ['ownership', 'school'],
]);

function plainValue(host: Host, field: ImportField): string {
  const { seat, ip, asset, serial, uuid, model, status, ownership, vlan, profile } = host;
  const values: { readonly [field: string]: string } = {
    ...{ seat, ip, asset, serial, uuid, model, status, ownership, vlan, profile },
    class: host.class,
    switch_port: host.switchPort,
  };
  return values[field] ?? '';
}

function isSame(field: ImportField, before: string, after: string): boolean {
  if (field === 'seat') return seatKey(before) === seatKey(after);
  return foldText(before) === foldText(after);
}

/** Seats 7 and 07 are one place. */
export function seatKey(seat: string): string {
  return foldText(seat).replace(/^0+(?=\d)/, '');
}

function findOwnerChanges({ values, row }: Wish, { owner: now }: Host, raw: RawHost): FoundChanges {
  const given = ownerFields.filter((field) => values.has(`owner.${field}`));
  const differs = given.some((field) => !isSameText(now[field], values.get(`owner.${field}`)));
  if (!differs) return { changes: [], notes: [] };
  const name = values.get('owner.name');
  const isOther = name !== undefined && now.name !== '' && !isSameText(now.name, name);
  const after = (field: keyof Owner): string =>
    values.get(`owner.${field}`) ?? (isOther ? '' : now[field]);
  const isOwn = raw.effective.get('owner')?.scope.kind === 'host';
  const changes = ownerFields
    .map((field) => ({ key: `owner.${field}`, before: now[field], after: after(field) }))
    .filter((change) => (isOwn ? !isSameText(change.before, change.after) : change.after !== ''));
  const lost = changes.filter(({ before, after: value }) => before !== '' && value === '');
  const cell = row.fields['owner.name']?.cell ?? '';
  const text = `another person; ${lost.map(({ key }) => key).join(', ')} of ${now.name} is taken away`;
  return { changes, notes: lost.length === 0 ? [] : [{ cell, text }] };
}

function isSameText(one: string, other: string | undefined): boolean {
  return other !== undefined && foldText(one) === foldText(other);
}

function findMacChanges(
  { macs, row }: Wish,
  host: Host,
  raw: RawHost,
): FoundChanges | { readonly refused: Refusal } {
  const known = new Set(host.macs.map(({ addr }) => addr));
  const none = { changes: [], notes: [] };
  if (macs.every(({ addr }) => known.has(addr))) return none;
  const before = renderMacs(host.macs);
  const node = raw.effective.get('mac')?.node;
  const [only] = macs;
  if (node?.kind !== 'list')
    return { changes: [{ key: 'mac', before, after: renderMacs(macs) }], notes: [] };
  const place = host.macs.findIndex(({ primary }) => primary);
  const isPlain = node.items.length === host.macs.length && node.items[place]?.kind === 'map';
  if (macs.length === 1 && only && isPlain) {
    const key = `mac.${place}.addr`;
    return { changes: [{ key, before: host.mac, after: only.addr }], notes: [] };
  }
  return {
    refused: {
      cell: row.fields.mac?.cell ?? '',
      reason: `${host.name} has a list of MAC addresses, and the row has others`,
      hint: 'correct the list in the inventory by hand',
    },
  };
}

function renderMacs(macs: Wish['macs']): string {
  return macs.map(({ addr, role }) => (role === 'wired' ? addr : `${addr} (${role})`)).join('\n');
}

function ownerOf(value: Value): Owner {
  const field = (name: string): string => {
    const found = isMapping(value) ? value[name] : undefined;
    return found === undefined || found === null ? '' : String(found);
  };
  const name = typeof value === 'string' ? value : field('name');
  return { name, id: field('id'), department: field('department'), phone: field('phone') };
}
