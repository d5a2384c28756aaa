import type { Owner } from '../model/host.ts';
import type { LedgerRow } from '../model/registration.ts';
import { startingReason } from './reconcile.ts';
import { isSamePerson } from './registration.ts';
import { layOutSpans } from './states.ts';

/** What the ledger says of a host's present owner; times are ISO 8601. */
export interface Standing {
  readonly owner: Owner;
  /** Since when this person has answered for it without a break. */
  readonly since: string;
  /** When somebody last registered, took over or confirmed it; '' where it was only found in the inventory. */
  readonly lastConfirmed: string;
}

const confirmingKinds: readonly string[] = ['register', 'transfer', 'confirm'];

/** Works out who answers for each host now and since when; `rows` are all that have content, in the order they were written. */
export function selectStandings(rows: readonly LedgerRow[]): ReadonlyMap<string, Standing> {
  const standings = new Map<string, Standing>();
  for (const [host, own] of Map.groupBy(rows, (row) => row.host)) {
    const standing = host === '' ? undefined : standingOf(own);
    if (standing) standings.set(host, standing);
  }
  return standings;
}

function standingOf(rows: readonly LedgerRow[]): Standing | undefined {
  const spans = layOutSpans(rows);
  const owner = spans.at(-1)?.state?.owner;
  if (owner === undefined) return undefined;
  const before = spans.findLastIndex(
    ({ state }) => state === null || !isSamePerson(state.owner, owner),
  );
  const first = spans[before + 1];
  // What a purge carried over remembers what the purged rows said; a correction may have put another person there.
  const carried = first?.rows.length === 1 ? first.rows[0]?.standing : undefined;
  const since = carried?.since ?? first?.from ?? '';
  const confirming = rows.filter(
    ({ kind, at, reason }) =>
      confirmingKinds.includes(kind) && at >= since && reason !== startingReason,
  );
  return { owner, since, lastConfirmed: confirming.at(-1)?.at ?? carried?.confirmed ?? '' };
}
