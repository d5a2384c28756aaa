import type { HostMac } from '../model/host.ts';
import type { RegistrySheet, SheetRemark, SheetRow } from '../model/registry-sheet.ts';
import type { ReportTable, Tone } from '../model/report.ts';
import { renderLocalSecond } from './local-time.ts';
import type { RegistryWords } from './registry-words.ts';
import { countNames } from './tally.ts';

/** Lays the sheet out for people: its head, a row for each PC in the order they come in, and its foot. */
export function layOutSheet(
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

/** How many rows have each remark, in the order in which people are told. */
export function countRemarks(rows: readonly SheetRow[]): { readonly [R in SheetRemark]: number } {
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

/** How many rows have no remark. */
export function countInOrder(rows: readonly SheetRow[]): number {
  return rows.filter(({ remarks }) => remarks.length === 0).length;
}
