import { type HostMac, hostClasses, hostStatuses, ownerships } from '../../model/host.ts';
import { type ImportField, type ImportRow, importFields } from '../../model/import.ts';
import { parseIp } from '../../model/ip.ts';
import { isLocallyAdministered, parseMac } from '../../model/mac.ts';
import { findTarget, type TargetIndex } from './find-target.ts';
import { cellOf, type Refusal, type Wish } from './planned-row.ts';

/** Reads a row: which host it is about and which values it gives, or why it cannot be used. */
export function readWish(
  row: ImportRow,
  index: TargetIndex,
  room: string | undefined,
): Wish | { readonly refused: Refusal } {
  if (row.refused) return { refused: row.refused };
  const macs = readMacs(row);
  if ('refused' in macs) return macs;
  const read = readValues(row);
  if ('refused' in read) return read;
  const { values } = read;
  const notes = [...macs.notes, ...read.notes];
  const target = findTarget(
    row,
    macs.list.map(({ addr }) => addr),
    index,
    room,
  );
  if ('refused' in target) return target;
  const { name } = row.fields;
  if (name !== undefined && target.host !== name.text)
    notes.push({ cell: name.cell, text: `written ${name.text}; the inventory has ${target.host}` });
  if (!target.existing && values.size + macs.list.length === 0)
    return { refused: { ...nothingSaid, cell: cellOf(row, 'name') } };
  return { row, ...target, values, macs: macs.list, notes };
}

function readValues(
  row: ImportRow,
): Pick<Wish, 'values' | 'notes'> | { readonly refused: Refusal } {
  const values = new Map<ImportField, string>();
  const notes: { cell: string; text: string }[] = [];
  for (const field of importFields) {
    const cell = row.fields[field];
    if (cell === undefined || cell.text === '') continue;
    if (cell.note !== '') notes.push({ cell: cell.cell, text: cell.note });
    const read = readValue(field, cell.text);
    if ('problem' in read)
      return { refused: { cell: cell.cell, reason: read.problem, hint: read.hint } };
    if (field !== 'name' && field !== 'room' && field !== 'mac') values.set(field, read.value);
  }
  return { values, notes };
}

const nothingSaid = {
  reason: 'the row says nothing but a name',
  hint: 'add its MAC address, IP address and owner',
};

interface Macs {
  readonly list: readonly Pick<HostMac, 'addr' | 'role'>[];
  readonly notes: readonly { readonly cell: string; readonly text: string }[];
}

/** Several addresses stand on lines of their own, each with its role in brackets where it is not wired. */
function readMacs({ fields }: ImportRow): Macs | { readonly refused: Refusal } {
  const { mac } = fields;
  if (mac === undefined || mac.text === '') return { list: [], notes: [] };
  const list: Pick<HostMac, 'addr' | 'role'>[] = [];
  const notes: { cell: string; text: string }[] = [];
  for (const line of mac.text.split('\n')) {
    const parsed = parseMac(line);
    if ('problem' in parsed)
      return { refused: { cell: mac.cell, reason: parsed.problem, hint: parsed.hint } };
    const role = /\((wifi|dock|bmc)\)/.exec(line)?.[1] as HostMac['role'] | undefined;
    list.push({ addr: parsed.mac, role: role ?? 'wired' });
    if (isLocallyAdministered(parsed.mac))
      notes.push({
        cell: mac.cell,
        text: `${parsed.mac} is a made-up address (randomised or virtual)`,
      });
  }
  return { list, notes };
}

const words: { readonly [field: string]: readonly string[] } = {
  class: hostClasses,
  status: hostStatuses,
  ownership: ownerships,
};

function readValue(
  field: ImportField,
  text: string,
): { readonly value: string } | { readonly problem: string; readonly hint: string } {
  if (field === 'ip') {
    const parsed = parseIp(text);
    return 'ip' in parsed ? { value: parsed.ip } : parsed;
  }
  if (field === 'uuid') return { value: text.toLowerCase() };
  const allowed = words[field];
  if (allowed && !allowed.includes(text))
    return {
      problem: `"${text}" is no ${field} the inventory knows`,
      hint: `write one of ${allowed.join(', ')}`,
    };
  if (field === 'vlan' && !(/^[1-9]\d{0,3}$/.test(text) && Number(text) <= 4094))
    return { problem: `"${text}" is not a VLAN number`, hint: 'write a number from 1 to 4094' };
  return { value: text };
}
