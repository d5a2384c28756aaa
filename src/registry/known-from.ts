import type { LedgerRow } from '../model/registration.ts';

/** Since when the ledger can answer: its first row, or the latest date that was purged up to. `from` is '' for an empty ledger. */
export interface KnownFrom {
  readonly from: string;
  readonly reason: 'first-row' | 'purged';
}

/** Works out since when the ledger can answer; `purges` are its rows of kind `purge`. */
export function knownFrom(
  first: { at: string } | undefined,
  purges: readonly LedgerRow[],
): KnownFrom {
  const dates = purges.flatMap(({ receipt }) => (receipt ? [receipt.before] : []));
  const purged = dates.sort().at(-1);
  if (purged !== undefined) return { from: purged, reason: 'purged' };
  return { from: first?.at ?? '', reason: 'first-row' };
}
