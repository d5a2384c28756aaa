import type { Owner } from '../model/host.ts';
import { LabError } from '../model/lab-error.ts';
import type { LedgerEntry, LedgerRow, RegistryAsk } from '../model/registration.ts';
import type { PlannedChange } from './plan-change.ts';
import { makeEntry, type Occasion } from './reconcile.ts';

/** A request that nobody has decided yet. */
export interface OpenRequest {
  readonly row: LedgerRow;
  readonly ask: RegistryAsk;
  /** Whole milliseconds since it was filed, never negative. */
  readonly waitingMs: number;
}

/** What is said beside a change. */
export interface Remarks {
  readonly reason: string;
  readonly approvedBy: string;
}

/** The row that files a request. */
export function planRequest(
  planned: PlannedChange,
  ask: RegistryAsk,
  occasion: Occasion,
  reason: string,
): LedgerEntry {
  const { host, before, after } = planned;
  return makeEntry(occasion, 'request', {
    host,
    before,
    after,
    reason,
    appliedBy: occasion.who,
    asks: ask,
  });
}

/** The requests among these rows that no later row approves or rejects, oldest first; `now` in milliseconds since 1970. */
export function selectOpen(rows: readonly LedgerRow[], now: number): OpenRequest[] {
  const decided = new Set(
    rows
      .filter(({ kind }) => kind === 'approve' || kind === 'reject')
      .map(({ reference }) => reference),
  );
  return rows.flatMap((row) =>
    row.kind === 'request' && row.asks && !decided.has(String(row.seq))
      ? [{ row, ask: row.asks, waitingMs: Math.max(0, now - Date.parse(row.at)) }]
      : [],
  );
}

/** Finds an open request by its number; throws LabError 'usage' when there is none. */
export function findRequest(open: readonly OpenRequest[], id: string): OpenRequest {
  const found = open.find(({ row }) => String(row.seq) === id.replace(/^#/, ''));
  if (found) return found;
  const known = open.map(({ row }) => row.seq).slice(0, 20);
  throw new LabError(
    'usage',
    `there is no open request ${id}`,
    known.length === 0 ? 'no request is open' : `open requests: ${known.join(', ')}`,
  );
}

/** Nobody decides on a request of their own: not by the login it was filed with, not as the owner it is for. `decider` is a login with its machine, or a name from paper. Throws LabError 'refused'. */
export function refuseOwnRequest({ row, ask }: OpenRequest, decider: string): void {
  const isApplicant = isSameName(loginOf(row.appliedBy), loginOf(decider));
  if (!isApplicant && !isOwner(ask.owner, decider)) return;
  throw new LabError(
    'refused',
    `request ${row.seq} was applied for by the same person who would decide on it`,
    'someone else has to approve or reject it; --approved-by names who signed on paper',
  );
}

/** Nobody approves a change of their own: the name given as approver is neither the login that carries it out nor the owner. Throws LabError 'refused'. */
export function refuseOwnApproval(owner: Owner, who: string, approvedBy: string): void {
  if (approvedBy === '') return;
  if (!isOwner(owner, approvedBy) && !isSameName(loginOf(who), loginOf(approvedBy))) return;
  throw new LabError(
    'refused',
    'a change is not approved by the person who makes it or the one it is for',
    'leave --approved-by out, or name who approved it',
  );
}

function isOwner({ name, id }: Owner, person: string): boolean {
  return [name, id].some((own) => own !== '' && isSameName(own, person));
}

/** Rows of an approved request: the approval, and the change as it is carried out. */
export function planApproval(
  { row, ask }: OpenRequest,
  planned: PlannedChange,
  occasion: Occasion,
  { reason, approvedBy }: Remarks,
): [approval: LedgerEntry, change: LedgerEntry] {
  const { host, before, after } = planned;
  const about = { host, approvedBy, appliedBy: row.appliedBy, reference: String(row.seq) };
  return [
    makeEntry(occasion, 'approve', { ...about, reason, cites: row.seq }),
    makeEntry(occasion, ask.verb, {
      ...about,
      before,
      after,
      reason: row.reason,
      cites: row.seq,
    }),
  ];
}

/** The row of a rejected request. */
export function planRejection(
  { row }: OpenRequest,
  occasion: Occasion,
  { reason, approvedBy }: Remarks,
): LedgerEntry {
  return makeEntry(occasion, 'reject', {
    host: row.host,
    reason,
    approvedBy,
    appliedBy: row.appliedBy,
    reference: String(row.seq),
    cites: row.seq,
  });
}

/** `zhang` of `zhang@office-7`. */
export function loginOf(who: string): string {
  return who.split('@')[0] ?? who;
}

function isSameName(one: string, other: string): boolean {
  const tidy = (name: string) => name.normalize('NFKC').replaceAll(/\s+/g, '').toLowerCase();
  return tidy(one) === tidy(other);
}
