import type { RegistrySheet, SheetRow } from '../model/registry-sheet.ts';
import type { Lang, Report } from '../model/report.ts';
import type { Value } from '../model/value.ts';
import { countInOrder, countRemarks, layOutSheet } from './registry-table.ts';
import { registryWordsOf } from './registry-words.ts';
import { sortBySeat } from './seat-order.ts';

/** Folds the register into the inspectors' sheet (`lab.registry-report/1`), in seat order. `leavesOutEmpty` drops columns nobody filled in, for a narrow terminal. */
export function reportRegistry(
  sheet: RegistrySheet,
  lang: Lang,
  { leavesOutEmpty = false }: { readonly leavesOutEmpty?: boolean } = {},
): Report {
  const words = registryWordsOf(lang);
  const rows = sortBySeat(sheet.rows);
  const documents = rows.map((row, index) => ({ number: index + 1, ...documentOf(row) }));
  return {
    schema: 'lab.registry-report/1',
    title: words.title(sheet.head.unit),
    startedAt: sheet.at,
    finishedAt: sheet.at,
    document: { totals: totalsOf(sheet), ...factsOf(sheet), rows: documents },
    tables: [layOutSheet(sheet, rows, words, leavesOutEmpty)],
    records: {
      columns: recordKeys.map((key) => ({ key, title: key })),
      rows: rows.map((row, index) => ({ number: index + 1, ...recordOf(row) })),
    },
    carriesOwners: !sheet.isPublic,
  };
}

function totalsOf({ rows, retired }: RegistrySheet): { readonly [name: string]: number } {
  return { hosts: rows.length, inOrder: countInOrder(rows), ...countRemarks(rows), retired };
}

function factsOf(sheet: RegistrySheet): { readonly [key: string]: Value } {
  const { head, isPublic, confirmDays, unseenDays, isAnySeen, knownFrom, madeBy } = sheet;
  const { unit, filingNumbers, citation } = head;
  return {
    public: isPublic,
    ...{ unit, filingNumbers, citation, confirmDays, unseenDays, anySeen: isAnySeen },
    knownFrom: knownFrom || null,
    madeBy,
  };
}

function documentOf(row: SheetRow): { readonly [key: string]: Value } {
  const { host, room, roomTitle, seat, owner, ip, switchPort, vlan, status } = row;
  const { name, id, department, phone } = owner;
  return {
    ...{ host, room, roomTitle, seat, owner: { name, id, department, phone } },
    macs: row.macs.map(({ addr, role, primary }) => ({ addr, role, primary })),
    ...{ ip, switchPort, vlan, status },
    since: row.since || null,
    lastConfirmed: row.lastConfirmed || null,
    lastSeen: row.lastSeen || null,
    remarks: row.remarks,
    missing: row.missing,
  };
}

const recordKeys = [
  ...['number', 'room', 'roomTitle', 'seat', 'host', 'owner', 'ownerId', 'department', 'phone'],
  ...['mac', 'ip', 'switchPort', 'vlan', 'status', 'since', 'lastConfirmed', 'lastSeen'],
  ...['remarks', 'missing'],
];

function recordOf(row: SheetRow): { readonly [key: string]: Value } {
  const { owner: _person, macs: _macs, ...rest } = documentOf(row);
  const { name: owner, id: ownerId, department, phone } = row.owner;
  const mac = row.macs.map(({ addr }) => addr);
  return { ...rest, owner, ownerId, department, phone, mac };
}
