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
  /** The row (its `seq`) that a correction corrects, an approval approves, or a purge carries over; 0 for none. */
  readonly cites: number;
  /** Since when `after` holds, where that is not `at`: in rows that a purge carries over. ISO 8601. */
  readonly since?: string;
  /** In such rows: since when the owner in `after` had answered for the host, and when that was last confirmed, '' for never. ISO 8601. */
  readonly standing?: { readonly since: string; readonly confirmed: string };
  /** What a request asks for, so that it can be planned anew when it is approved. */
  readonly asks?: RegistryAsk;
  /** What a purge took away. */
  readonly receipt?: PurgeReceipt;
}

/** A change of the register as somebody asks for it; '' where nothing is said, so that what the host has stays. */
export interface RegistryAsk {
  readonly verb: 'register' | 'transfer' | 'release';
  readonly host: string;
  readonly owner: Owner;
  /** The primary interface's address as `parseMac` gives it. */
  readonly mac: string;
  readonly ip: string;
  readonly seat: string;
  /** The group's name; only for a host that is new. */
  readonly room: string;
  /** What becomes of a released host. */
  readonly status: 'spare' | 'retired' | '';
}

/** Proof of what a purge removed: rows keep their place and hash, their content is gone. */
export interface PurgeReceipt {
  /** Rows from before this moment (ISO 8601) are gone. */
  readonly before: string;
  /** First and last row (`seq`) that lost their content. */
  readonly from: number;
  readonly to: number;
  /** How many did, in this purge. */
  readonly count: number;
  /** Rows between them that keep it: requests that are still open. */
  readonly kept: readonly number[];
  /** SHA-256 (hex) over the hashes of these rows, in order, one a line. */
  readonly hashes: string;
}

/** A row as it stands in the ledger: `hash` is SHA-256 (hex) over its canonical JSON with `previous`, the hash of the row before. */
export interface LedgerRow extends LedgerEntry {
  /** From 1, without gaps. */
  readonly seq: number;
  readonly previous: string;
  readonly hash: string;
}
