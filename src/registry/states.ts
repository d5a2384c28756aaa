import type { LedgerRow, Registration } from '../model/registration.ts';

/** From a moment on, what the ledger says of a host; the row that says so, and the row that corrected it, if one did. */
export interface Span {
  readonly host: string;
  /** ISO 8601; the span goes on until the host's next one begins. */
  readonly from: string;
  /** '' while it goes on. */
  readonly to: string;
  /** Null when the host was no longer in the inventory. */
  readonly state: Registration | null;
  readonly rows: readonly LedgerRow[];
}

/** Whether a row sets what holds for its host from then on. Corrections change what an earlier row says instead. */
export function setsState({ kind, host }: Pick<LedgerRow, 'kind' | 'host'>): boolean {
  return presentKinds.includes(kind) || (kind === 'purge' && host !== '');
}

/** Lays a host's rows out in time. Rows count in the order in which they were written: where the clock went back, a later row takes the place of all that an earlier one says of times from then on. A row that a purge carried over stands where the first one stood. */
export function layOutSpans(rows: readonly LedgerRow[]): Span[] {
  const corrections = correctionsOf(rows);
  const spans: { -readonly [K in keyof Span]: Span[K] }[] = [];
  const placeOf = ({ kind, cites, seq }: LedgerRow): number => (kind === 'purge' ? cites : seq);
  const ordered = rows.filter(setsState).sort((a, b) => placeOf(a) - placeOf(b) || a.seq - b.seq);
  for (const row of ordered) {
    const from = row.since ?? row.at;
    while ((spans.at(-1)?.from ?? '') >= from && spans.length > 0) spans.pop();
    const last = spans.at(-1);
    if (last) last.to = from;
    const correction = corrections.get(row.seq);
    spans.push({
      host: row.host,
      from,
      to: '',
      state: correction === undefined ? row.after : correction.after,
      rows: correction === undefined ? [row] : [row, correction],
    });
  }
  return spans;
}

/** The last correction of each row. */
export function correctionsOf(rows: readonly LedgerRow[]): ReadonlyMap<number, LedgerRow> {
  return new Map(rows.filter(({ kind }) => kind === 'correct').map((row) => [row.cites, row]));
}

/** Kinds whose last row for a host says what holds now; a row that a purge carried over only does where there is none of these. */
export const presentKinds: readonly string[] = ['register', 'transfer', 'release', 'edit'];

/** What the ledger says of now: `latest` are each host's last row of `presentKinds`, `others` at least all purges and corrections. */
export function selectPresent(
  latest: readonly LedgerRow[],
  others: readonly LedgerRow[],
): ReadonlyMap<string, Registration> {
  const corrected = correctionsOf(others);
  const present = new Map<string, Registration>();
  for (const row of [...others.filter(setsState), ...latest]) {
    const { after } = corrected.get(row.seq) ?? row;
    if (after === null) present.delete(row.host);
    else present.set(row.host, after);
  }
  return present;
}
