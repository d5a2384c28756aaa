import type { HostMac, Owner } from './host.ts';

/** Who answers for which PC, address and MAC: what the ledger keeps of a host at one moment. Room is the group's name; all other texts as typed. */
export interface Registration {
  readonly host: string;
  readonly room: string;
  readonly seat: string;
  readonly ip: string;
  readonly macs: readonly HostMac[];
  readonly owner: Owner;
}

/** What a row of the ledger records. */
export const ledgerKinds = [
  'register',
  'transfer',
  'release',
  'edit',
  'confirm',
  'request',
  'approve',
  'reject',
  'correct',
  'purge',
] as const;
export type LedgerKind = (typeof ledgerKinds)[number];

/** A row of the ledger before it is chained. */
export interface LedgerEntry {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly kind: LedgerKind;
  readonly host: string;
  /** Who carried it out, such as `zhang@office-7`. */
  readonly who: string;
  readonly before: Registration | null;
  readonly after: Registration | null;
  readonly reason: string;
  /** Who approved it, '' where nobody had to. */
  readonly approvedBy: string;
  /** Who applied for it, '' where it was done directly. */
  readonly appliedBy: string;
  /** The run or request it belongs to, ''. */
  readonly reference: string;
  /** The row (its `seq`) that a correction corrects or an approval approves; 0 for none. */
  readonly cites: number;
}

/** A row as it stands in the ledger: `hash` is SHA-256 (hex) over its canonical JSON with `previous`, the hash of the row before. */
export interface LedgerRow extends LedgerEntry {
  /** From 1, without gaps. */
  readonly seq: number;
  readonly previous: string;
  readonly hash: string;
}
