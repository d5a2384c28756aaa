import type { Host, HostMac } from '../../model/host.ts';
import type { ImportCell, ImportField, ImportRow } from '../../model/import.ts';

/** Why a row cannot be used, and where that stands. */
export interface Refusal {
  readonly cell: string;
  readonly reason: string;
  readonly hint: string;
}

/** One value that an import changes; `before` is '' for a new one. */
export interface PlannedChange {
  readonly key: string;
  readonly before: string;
  readonly after: string;
}

/** What becomes of one row: `add` and `change` write something, `none` finds everything as it is already. */
export interface PlannedRow {
  readonly row: ImportRow;
  /** The host it is about; '' when that could not be found out. */
  readonly host: string;
  /** The group that a new host is added to, else ''. */
  readonly group: string;
  readonly action: 'add' | 'change' | 'none' | 'refuse';
  readonly changes: readonly PlannedChange[];
  readonly notes: readonly { readonly cell: string; readonly text: string }[];
  readonly refused?: Refusal;
}

/** A row that was understood: the host it is about, and the values it gives, in their one spelling. */
export interface Wish {
  readonly row: ImportRow;
  readonly host: string;
  /** The host as it is now; undefined for a new one. */
  readonly existing: Host | undefined;
  /** The group a new host is added to. */
  readonly group: string;
  readonly values: ReadonlyMap<ImportField, string>;
  readonly macs: readonly Pick<HostMac, 'addr' | 'role'>[];
  readonly notes: readonly { readonly cell: string; readonly text: string }[];
}

/** Where a field of a row stands, else its first cell. */
export function cellOf({ fields, row }: ImportRow, field: ImportField | undefined): string {
  const cells: (ImportCell | undefined)[] = Object.values(fields);
  return (field && fields[field]?.cell) || (cells[0]?.cell ?? `row ${row}`);
}
