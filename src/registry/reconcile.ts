import type { Host } from '../model/host.ts';
import type { LedgerEntry, Registration } from '../model/registration.ts';
import { isSameRegistration, registrationOf } from './registration.ts';

/** Whom and when a row names. */
export interface Occasion {
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** Such as `zhang@office-7`. */
  readonly who: string;
}

/** The reason of a row that took over what the inventory said when the ledger was begun: nobody confirmed it. */
export const startingReason = 'starting state, as the inventory had it';

/** What rows about a difference say of it. */
export interface Cause {
  readonly kind: LedgerEntry['kind'];
  readonly reason: string;
}

/** For the first rows of a ledger. */
export const startingState: Cause = {
  kind: 'register',
  reason: 'starting state, as the inventory had it',
};

/** For what somebody changed without Labkit; who did is not known, only who found it. */
export function handEdit({ who, at }: Occasion): Cause {
  return { kind: 'edit', reason: `hand edit of the inventory, found by ${who} at ${at}` };
}

/** Rows for everything that the inventory says otherwise than the ledger: hosts that differ, that are new, and that are gone. */
export function planReconcile(
  known: ReadonlyMap<string, Registration>,
  hosts: readonly Host[],
  occasion: Occasion,
  { kind, reason }: Cause,
): LedgerEntry[] {
  const row = (host: string, before: Registration | null, after: Registration | null) =>
    makeEntry(occasion, kind, { host, before, after, reason });
  const entries: LedgerEntry[] = [];
  for (const host of hosts) {
    const before = known.get(host.name) ?? null;
    const after = registrationOf(host);
    if (before === null || !isSameRegistration(before, after))
      entries.push(row(host.name, before, after));
  }
  const present = new Set(hosts.map(({ name }) => name));
  for (const [host, before] of known) if (!present.has(host)) entries.push(row(host, before, null));
  return entries;
}

/** An entry with everything that is not said left empty. */
export function makeEntry(
  { at, who }: Occasion,
  kind: LedgerEntry['kind'],
  said: Partial<LedgerEntry>,
): LedgerEntry {
  return {
    at,
    kind,
    host: '',
    who,
    before: null,
    after: null,
    reason: '',
    approvedBy: '',
    appliedBy: '',
    reference: '',
    cites: 0,
    ...said,
  };
}
