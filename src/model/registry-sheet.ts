import type { HostMac, HostStatus, Owner } from './host.ts';

/** What keeps a row from being in order, or what else an inspector has to know of it. */
export type SheetRemark =
  /** Nobody has confirmed the owner for longer than the site allows. */
  | 'overdue'
  /** It was seen, but not for many days. */
  | 'unseen'
  /** Other PCs were seen, this one never was. */
  | 'never-seen'
  /** Its owner, its MAC or its IP is missing. */
  | 'incomplete'
  /** The ledger says otherwise than the inventory. */
  | 'not-filed';

/** What the law wants of every networked PC. */
export const requiredFields = ['owner', 'mac', 'ip'] as const;
export type RequiredField = (typeof requiredFields)[number];

/** One PC of the register as an inspector sees it; times are ISO 8601 in UTC, '' where nothing is known. */
export interface SheetRow {
  readonly host: string;
  /** The group's name, and its title or ''. */
  readonly room: string;
  readonly roomTitle: string;
  readonly seat: string;
  readonly owner: Owner;
  readonly macs: readonly HostMac[];
  readonly ip: string;
  readonly switchPort: string;
  readonly vlan: string;
  readonly status: HostStatus;
  /** Since when this owner answers for it, by the ledger. */
  readonly since: string;
  /** When somebody last registered, handed on or confirmed it. */
  readonly lastConfirmed: string;
  /** When a run last reached it. */
  readonly lastSeen: string;
  readonly remarks: readonly SheetRemark[];
  readonly missing: readonly RequiredField[];
}

/** What a site writes over its register (`registry:` in lab.yaml). */
export interface SheetHead {
  readonly unit: string;
  readonly filingNumbers: readonly string[];
  /** The regulation the register is kept by. */
  readonly citation: string;
}

/** The register as it is shown to inspectors. */
export interface RegistrySheet {
  readonly head: SheetHead;
  /** When it was made, ISO 8601. */
  readonly at: string;
  /** Who made it, such as `zhang@office-7`; '' in the public one. */
  readonly madeBy: string;
  /** Names, telephones and staff numbers are masked. */
  readonly isPublic: boolean;
  /** Days after which a row has to be confirmed anew. */
  readonly confirmDays: number;
  readonly unseenDays: number;
  /** Whether any PC was ever seen: otherwise nothing is said about who was not. */
  readonly isAnySeen: boolean;
  /** Since when the ledger knows, ISO 8601; '' while it is empty. */
  readonly knownFrom: string;
  /** In the order of the inventory; retired PCs are only counted. */
  readonly rows: readonly SheetRow[];
  readonly retired: number;
}
