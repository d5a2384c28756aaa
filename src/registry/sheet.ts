import type { Host } from '../model/host.ts';
import {
  type RegistrySheet,
  type RequiredField,
  requiredFields,
  type SheetHead,
  type SheetRemark,
  type SheetRow,
} from '../model/registry-sheet.ts';
import { isSamePerson } from './registration.ts';
import type { Standing } from './standing.ts';

/** What a sheet is made of beside the hosts. */
export interface SheetSources {
  /** By host name, from the ledger. */
  readonly standings: ReadonlyMap<string, Standing>;
  /** By host name: when it was last reached, ISO 8601. */
  readonly seen: ReadonlyMap<string, string>;
  /** Since when the ledger knows, ISO 8601; '' while it is empty. */
  readonly knownFrom: string;
}

/** How a sheet is judged, and what stands around it. */
export interface SheetTerms {
  readonly head: SheetHead;
  /** ISO 8601. */
  readonly at: string;
  readonly madeBy: string;
  readonly confirmDays: number;
  readonly unseenDays: number;
}

const dayMs = 86_400_000;

/** Makes the inspectors' sheet: the inventory says what is, the ledger since when, runs when each PC was last seen. Retired PCs are on no network and only counted. */
export function makeSheet(
  hosts: readonly Host[],
  sources: SheetSources,
  terms: SheetTerms,
): RegistrySheet {
  const present = hosts.filter(({ status }) => status !== 'retired');
  return {
    ...terms,
    isPublic: false,
    isAnySeen: sources.seen.size > 0,
    knownFrom: sources.knownFrom,
    rows: present.map((host) => makeRow(host, sources, terms)),
    retired: hosts.length - present.length,
  };
}

function makeRow(host: Host, sources: SheetSources, terms: SheetTerms): SheetRow {
  const known = sources.standings.get(host.name);
  const isFiled = known !== undefined && isSamePerson(known.owner, host.owner);
  const isOwned = host.owner.name !== '';
  const row: Omit<SheetRow, 'remarks'> = {
    host: host.name,
    room: host.room?.name ?? '',
    roomTitle: host.room?.title ?? '',
    seat: host.seat,
    owner: host.owner,
    macs: host.macs,
    ip: host.ip,
    switchPort: host.switchPort,
    vlan: host.vlan,
    status: host.status,
    since: isFiled && isOwned ? known.since : '',
    lastConfirmed: isFiled && isOwned ? known.lastConfirmed : '',
    lastSeen: sources.seen.get(host.name) ?? '',
    // What lies in the store room needs neither owner nor address.
    missing: host.status === 'spare' ? [] : missingOf(host),
  };
  const remarks: [SheetRemark, boolean][] = [
    ['incomplete', row.missing.length > 0],
    ['not-filed', isOwned && !isFiled],
    ['overdue', isOverdue(row, terms)],
    ...seenRemarks(host, row.lastSeen, sources, terms),
  ];
  return { ...row, remarks: remarks.filter(([, holds]) => holds).map(([remark]) => remark) };
}

function missingOf({ owner, macs, ip }: Host): RequiredField[] {
  const has = { owner: owner.name !== '', mac: macs.length > 0, ip: ip !== '' };
  return requiredFields.filter((field) => !has[field]);
}

function isOverdue(row: Omit<SheetRow, 'remarks'>, { at, confirmDays }: SheetTerms): boolean {
  const confirmed = row.lastConfirmed || row.since;
  return confirmed !== '' && isOlder(confirmed, at, confirmDays);
}

/** A printer is asked nothing, and a PC that is broken, spare or lent out cannot be expected to answer. */
function seenRemarks(
  { status, class: kind }: Host,
  lastSeen: string,
  { seen }: SheetSources,
  { at, unseenDays }: SheetTerms,
): [SheetRemark, boolean][] {
  if (status !== 'active' || kind === 'printer' || seen.size === 0) return [];
  return [
    ['never-seen', lastSeen === ''],
    ['unseen', lastSeen !== '' && isOlder(lastSeen, at, unseenDays)],
  ];
}

function isOlder(moment: string, now: string, days: number): boolean {
  return Date.parse(now) - Date.parse(moment) > days * dayMs;
}
