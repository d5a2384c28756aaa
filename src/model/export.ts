import type { Host, Inventory } from './host.ts';
import type { OptionTable } from './options.ts';

/** What an export or a live configuration says of one address: the part that all of them share. Empty text where it says nothing. */
export interface Binding {
  /** Lower-case, colons; '' for an entry without one. */
  readonly mac: string;
  readonly ip: string;
  readonly name: string;
  readonly vlan: string;
  /** Switch port, as the device writes it. */
  readonly port: string;
  /** Line in the text it was read from, from 1. */
  readonly line: number;
}

/** What an export may use beside the hosts. */
export interface ExportContext {
  readonly inventory: Inventory;
  /** ISO 8601; for a comment in the head of a file, nothing else. */
  readonly at: string;
}

/** One way to write the register for a consumer: a whole file that it accepts as it stands. One file under catalog/exports each. */
export interface Export<O> {
  readonly name: string;
  readonly summary: string;
  readonly extension: string;
  /** Whether it carries owners' names or phones; then files are written for their owner only (0600). */
  readonly carriesOwners: boolean;
  readonly options: OptionTable<O>;
  /** Text or, for workbooks, bytes. Throws LabError 'input' with all its problems rather than write what the consumer would misread. */
  write(hosts: readonly Host[], options: O, context: ExportContext): string | Uint8Array;
  /** Reads such a text back, also one that people or the device wrote; lines it does not know are returned as they are. */
  read?(
    text: string,
    options: O,
  ): {
    readonly bindings: readonly Binding[];
    readonly unknown: readonly { line: number; text: string }[];
  };
  /** Lines that take these bindings back on the live device or server; `hosts` are those they were written from, for what a binding does not tell. */
  undo?(bindings: readonly Binding[], options: O, hosts?: readonly Host[]): string;
  /** What the technician has to know before using it (uplinks, trust, what is not covered); one sentence each. */
  warnings?(hosts: readonly Host[], options: O): readonly string[];
}

/** An export whose option types are its own business. */
// biome-ignore lint/suspicious/noExplicitAny: a list of exports holds many option types; each is read by its own table
export type AnyExport = Export<any>;

/** Declares an export; exists so that the type is checked where the export is written. */
export function defineExport<O>(definition: Export<O>): Export<O> {
  return definition;
}
