import type { Problem } from './problem.ts';

/** What an import can say of one PC; all as text, as it was written. */
export const importFields = [
  'name',
  'room',
  'seat',
  'mac',
  'ip',
  'owner.name',
  'owner.id',
  'owner.department',
  'owner.phone',
  'asset',
  'serial',
  'model',
  'class',
  'ownership',
  'status',
  'switch_port',
  'vlan',
  'uuid',
  'profile',
] as const;
export type ImportField = (typeof importFields)[number];

/** One value with the place it stands in: `C7` of a sheet, or `line 7` of a text. */
export interface ImportCell {
  readonly text: string;
  readonly cell: string;
  /** What was mended on the way, for people ("full-width digits", "同上 of row 6"); '' when nothing was. */
  readonly note: string;
}

/** One PC as a source tells it. */
export interface ImportRow {
  readonly file: string;
  /** Row of the sheet or line of the text, from 1. */
  readonly row: number;
  readonly fields: { readonly [F in ImportField]?: ImportCell };
  /** When it was seen there (ISO 8601), for leases and tables of observed addresses. */
  readonly seenAt?: string;
  /** Until when a lease holds its address (ISO 8601), for leases that do not tell when they were given. */
  readonly expiresAt?: string;
  /** Why this row cannot be used, if so. */
  readonly refused?: { readonly cell: string; readonly reason: string; readonly hint: string };
}

/** A file as read. */
export interface ImportSource {
  readonly file: string;
  readonly bytes: Uint8Array;
  /** The sheet of a workbook to read, by its name; the first one that is not empty when left out. */
  readonly sheet?: string;
}

/** One format that PCs can be read from. One file under catalog/imports each. */
export interface Import {
  readonly name: string;
  readonly summary: string;
  /** Never throws for bad content: rows it cannot use are refused with their place, and a file that is none of its kind is a problem. */
  read(source: ImportSource): {
    readonly rows: readonly ImportRow[];
    readonly problems: readonly Problem[];
  };
}

/** Declares an import; exists so that the type is checked where the import is written. */
export function defineImport(definition: Import): Import {
  return definition;
}
