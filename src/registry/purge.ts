import { LabError } from '../model/lab-error.ts';
import type { LedgerEntry, LedgerRow } from '../model/registration.ts';
import { type Hash, hashOfPurged } from './chain.ts';
import { makeEntry, type Occasion } from './reconcile.ts';
import { type Standing, selectStandings } from './standing.ts';
import { layOutSpans, type Span } from './states.ts';

const dayMs = 86_400_000;
/** Order 82 of the Ministry of Public Security (2005), article 13: records are kept for 60 days at least. */
const floorDays = 60;
/** Cybersecurity Law of the PRC: network logs are kept for six months at least. */
const lawfulDays = 184;

/** What a purge will do. */
export interface PlannedPurge {
  /** Rows that lose their content. */
  readonly seqs: readonly number[];
  /** The receipt, then what still holds at the date, carried over. */
  readonly entries: readonly LedgerEntry[];
}

/** Refuses a date less than 60 days ago (LabError 'refused'); answers a warning for one less than 184 days ago, else ''. */
export function judgePurgeDate(before: string, now: string): string {
  const days = (Date.parse(now) - Date.parse(before)) / dayMs;
  if (days < floorDays)
    throw new LabError(
      'refused',
      `rows of the last ${floorDays} days have to stay; nothing was purged`,
      `choose a date of at least ${floorDays} days ago, better ${lawfulDays}`,
    );
  return days < lawfulDays
    ? `${Math.floor(days)} days will be left: network logs have to be kept for six months (${lawfulDays} days)`
    : '';
}

/** Plans to take the content of all rows from before a moment: what still holds then is carried over in new rows, open requests keep theirs. `rows` are all rows that have content. */
export function planPurge(
  rows: readonly LedgerRow[],
  openRequests: ReadonlySet<number>,
  before: string,
  occasion: Occasion,
  hash: Hash,
): PlannedPurge {
  const holding = selectHolding(rows, before);
  const standings = selectStandings(rows.filter(({ at, since }) => (since ?? at) < before));
  // Carried over once, it need not be again, unless somebody has confirmed it since.
  const carriedBefore = holding.flatMap(({ host, rows: [row] }) =>
    row?.kind === 'purge' && row.standing?.confirmed === standings.get(host)?.lastConfirmed
      ? row.seq
      : [],
  );
  const taken = selectTaken(rows, new Set([...openRequests, ...carriedBefore]), before);
  const [first] = taken;
  const last = taken.at(-1);
  if (!first || !last) return { seqs: [], entries: [] };
  const seqs = new Set(taken.map(({ seq }) => seq));
  const kept = rows
    .map(({ seq }) => seq)
    .filter((seq) => seq > first.seq && seq < last.seq && !seqs.has(seq));
  const receipt = makeEntry(occasion, 'purge', {
    reason: `the content of ${taken.length} rows from before ${before} was taken out`,
    receipt: {
      before,
      from: first.seq,
      to: last.seq,
      count: taken.length,
      kept,
      hashes: hashOfPurged(taken, hash),
    },
  });
  const carried = holding
    .filter(({ rows: [row], state }) => row !== undefined && state !== null && seqs.has(row.seq))
    .map((span) => carryOver(span, standings.get(span.host), before, occasion));
  return { seqs: [...seqs], entries: [receipt, ...carried] };
}

/** For each host, what held at a moment by a row from before it. */
function selectHolding(rows: readonly LedgerRow[], before: string): Span[] {
  const byHost = Map.groupBy(rows, ({ host }) => host);
  byHost.delete('');
  return [...byHost.values()].flatMap((own) =>
    layOutSpans(own).filter(({ from, to }) => from < before && (to === '' || to > before)),
  );
}

/** A row that an earlier purge carried over is as old as what it says. */
function selectTaken(
  rows: readonly LedgerRow[],
  kept: ReadonlySet<number>,
  before: string,
): LedgerRow[] {
  const old = rows.filter(
    ({ at, since, seq, receipt }) => (since ?? at) < before && !receipt && !kept.has(seq),
  );
  const seqs = new Set(old.map(({ seq }) => seq));
  const present = new Set(rows.map(({ seq }) => seq));
  // A correction stays with the row it corrects: with a carried one, or where the clock went back.
  return old.filter(
    ({ kind, cites }) => kind !== 'correct' || seqs.has(cites) || !present.has(cites),
  );
}

function carryOver(
  { host, state, from, rows: [row] }: Span,
  standing: Standing | undefined,
  before: string,
  occasion: Occasion,
): LedgerEntry {
  // The place in the order of the row that said it first.
  const cites = (row?.kind === 'purge' ? row.cites : row?.seq) ?? 0;
  return makeEntry(occasion, 'purge', {
    host,
    after: state,
    since: from,
    ...(standing && { standing: { since: standing.since, confirmed: standing.lastConfirmed } }),
    cites,
    reason: `carried over: it held at ${before}, by row ${cites}`,
  });
}
