import type { HostMac } from '../model/host.ts';
import type { RegistrySheet, SheetRemark, SheetRow } from '../model/registry-sheet.ts';
import type { Lang, Report, ReportTable, Tone } from '../model/report.ts';
import type { Value } from '../model/value.ts';
import { renderLocalSecond } from './local-time.ts';
import { type RegistryWords, registryWordsOf } from './registry-words.ts';
import { sortBySeat } from './seat-order.ts';
import { countNames } from './tally.ts';

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
    tables: [tableOf(sheet, rows, words, leavesOutEmpty)],
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

/** How many rows have each remark, in the order in which people are told. */
function countRemarks(rows: readonly SheetRow[]): { readonly [R in SheetRemark]: number } {
  const counts = countNames(rows.flatMap(({ remarks }) => remarks));
  const of = (remark: SheetRemark): number => counts[remark] ?? 0;
  return {
    incomplete: of('incomplete'),
    'not-filed': of('not-filed'),
    overdue: of('overdue'),
    unseen: of('unseen'),
    'never-seen': of('never-seen'),
  };
}

function countInOrder(rows: readonly SheetRow[]): number {
  return rows.filter(({ remarks }) => remarks.length === 0).length;
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
  const { owner, macs } = row;
  return {
    ...documentOf(row),
    owner: owner.name,
    ownerId: owner.id,
    department: owner.department,
    phone: owner.phone,
    mac: macs.map(({ addr }) => addr),
  };
}

function tableOf(
  sheet: RegistrySheet,
  rows: readonly SheetRow[],
  words: RegistryWords,
  leavesOutEmpty: boolean,
): ReportTable {
  const all = columnsOf(sheet, words);
  const cells = rows.map((row, index) => all.map(({ text }) => text(row, index)));
  const isShown = all.map(
    (column, at) =>
      !leavesOutEmpty || column.isOptional !== true || cells.some((row) => row[at] !== ''),
  );
  return {
    title: '',
    above: aboveOf(sheet, words),
    columns: all
      .filter((_, at) => isShown[at])
      .map(({ key, title, align, flexible }) => ({
        key,
        title,
        ...(align === undefined ? {} : { align }),
        ...(flexible === undefined ? {} : { flexible }),
      })),
    rows: cells.map((row) => row.filter((_, at) => isShown[at])),
    tones: rows.map(toneOf),
    notes: notesOf(sheet, words),
  };
}

interface SheetColumn {
  readonly key: string;
  readonly title: string;
  readonly align?: 'right';
  readonly flexible?: true;
  readonly isOptional?: true;
  text(row: SheetRow, index: number): string;
}

function columnsOf(sheet: RegistrySheet, words: RegistryWords): readonly SheetColumn[] {
  const column = (
    key: string,
    title: string,
    text: SheetColumn['text'],
    more: Partial<SheetColumn> = {},
  ): SheetColumn => ({ key, title, text, ...more });
  const flexible = { flexible: true } as const;
  const optional = { ...flexible, isOptional: true } as const;
  return [
    column('number', words.number, (_, index) => String(index + 1), { align: 'right' }),
    column('room', words.room, ({ room, roomTitle }) => roomTitle || room, flexible),
    column('seat', words.seat, ({ seat }) => seat, { isOptional: true }),
    column('host', words.host, ({ host }) => host, flexible),
    column('owner', words.owner, ({ owner }) => owner.name, flexible),
    column('ownerId', words.ownerId, ({ owner }) => owner.id, flexible),
    column('department', words.department, ({ owner }) => owner.department, optional),
    column('phone', words.phone, ({ owner }) => owner.phone, optional),
    column('mac', 'MAC', ({ macs }) => macs.map(renderMac).join('\n')),
    column('ip', 'IP', ({ ip }) => ip),
    column('switchPort', words.switchPort, ({ switchPort }) => switchPort, optional),
    column('vlan', 'VLAN', ({ vlan }) => vlan, { isOptional: true }),
    column('since', words.since, ({ since }) => dateOf(since), { isOptional: true }),
    column('lastConfirmed', words.lastConfirmed, (row) => dateOf(row.lastConfirmed), {
      isOptional: true,
    }),
    column('remark', words.remark, (row) => describeRemarks(row, sheet, words), flexible),
  ];
}

function renderMac({ addr, role }: HostMac): string {
  return role === 'wired' ? addr : `${addr} (${role})`;
}

function dateOf(iso: string): string {
  return renderLocalSecond(iso).slice(0, 10);
}

function describeRemarks(row: SheetRow, sheet: RegistrySheet, words: RegistryWords): string {
  const describe = (remark: SheetRemark): string => {
    if (remark === 'incomplete') return words.missing(row.missing);
    if (remark === 'overdue')
      return words.overdue(dateOf(row.lastConfirmed || row.since), sheet.confirmDays);
    return remark === 'unseen' ? words.unseen(dateOf(row.lastSeen)) : words.remarks[remark];
  };
  const all = [words.statuses[row.status], ...row.remarks.map(describe)];
  return all.filter((text) => text !== '').join(words.separator);
}

function toneOf({ remarks, status }: SheetRow): Tone {
  if (remarks.includes('incomplete') || remarks.includes('not-filed')) return 'bad';
  if (remarks.length > 0) return 'doubt';
  return status === 'active' ? 'plain' : 'quiet';
}

function aboveOf({ head, isPublic }: RegistrySheet, words: RegistryWords): string[] {
  return [
    ...(head.filingNumbers.length > 0 ? [words.filing(head.filingNumbers)] : []),
    ...(head.citation === '' ? [] : [words.citation(head.citation)]),
    isPublic ? words.masked : words.secret,
  ];
}

function notesOf(sheet: RegistrySheet, words: RegistryWords): string[] {
  const counts = Object.entries(countRemarks(sheet.rows)) as [SheetRemark, number][];
  const remarked = counts.flatMap(([remark, count]) =>
    count > 0 ? [words.counted(count, words.remarks[remark])] : [],
  );
  const tally = [
    words.counts(sheet.rows.length, countInOrder(sheet.rows)),
    ...remarked,
    ...(sheet.retired > 0 ? [words.retired(sheet.retired)] : []),
  ];
  const known = sheet.knownFrom === '' ? words.noLedger : words.known(dateOf(sheet.knownFrom));
  return [
    tally.join(words.listComma) + words.stop,
    words.rule(sheet.confirmDays, sheet.unseenDays),
    ...(sheet.isAnySeen ? [] : [words.nothingSeen]),
    known,
    words.made(renderLocalSecond(sheet.at).slice(0, 16), sheet.madeBy),
  ];
}
