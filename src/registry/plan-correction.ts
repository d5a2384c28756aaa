import { LabError } from '../model/lab-error.ts';
import type { LedgerEntry, LedgerRow, Registration, RegistryAsk } from '../model/registration.ts';
import { makeEntry, type Occasion } from './reconcile.ts';
import { isSameRegistration } from './registration.ts';
import { correctionsOf, layOutSpans, setsState } from './states.ts';

/** A correction, worked out: what the row said, what it is to say, and whether that is what holds now (then the inventory says it, too). */
export interface PlannedCorrection {
  /** The row that is corrected: the first one where a correction itself was named. */
  readonly row: LedgerRow;
  readonly before: Registration;
  readonly after: Registration;
  readonly isPresent: boolean;
}

/** Works out what a row should have said; `rows` are all rows of its host. Throws LabError 'usage' for a row that says nothing of a host's state. */
export function planCorrection(
  rows: readonly LedgerRow[],
  named: LedgerRow,
  ask: RegistryAsk,
): PlannedCorrection {
  const row =
    named.kind === 'correct' ? (rows.find(({ seq }) => seq === named.cites) ?? named) : named;
  const before = (correctionsOf(rows).get(row.seq) ?? row).after;
  if (!setsState(row) || before === null)
    throw new LabError(
      'usage',
      `row ${named.seq} (${named.kind}) says nothing of an owner or an address that could be corrected`,
      `lab registry history ${named.host} shows the rows of the host`,
    );
  const { owner } = ask;
  const after: Registration = {
    ...before,
    seat: ask.seat || before.seat,
    ip: ask.ip || before.ip,
    macs: before.macs.map((mac) =>
      ask.mac !== '' && mac.primary ? { ...mac, addr: ask.mac } : mac,
    ),
    owner: {
      name: owner.name || before.owner.name,
      id: owner.id || before.owner.id,
      department: owner.department || before.owner.department,
      phone: owner.phone || before.owner.phone,
    },
  };
  if (isSameRegistration(before, after))
    throw new LabError('usage', 'there is nothing to correct', 'name what is right, with --owner');
  const isPresent = layOutSpans(rows).at(-1)?.rows[0]?.seq === row.seq;
  return { row, before, after, isPresent };
}

/** The row of a correction. */
export function makeCorrection(
  { row, before, after }: PlannedCorrection,
  occasion: Occasion,
  { reason, approvedBy }: { readonly reason: string; readonly approvedBy: string },
): LedgerEntry {
  return makeEntry(occasion, 'correct', {
    host: row.host,
    before,
    after,
    reason,
    approvedBy,
    cites: row.seq,
  });
}
