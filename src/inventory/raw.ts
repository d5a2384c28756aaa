import type { InventoryFile } from '../model/inventory-file.ts';
import type { Located, LocatedScalar } from '../model/located.ts';
import type { Position, Problem } from '../model/problem.ts';
import type { Value, Vars } from '../model/value.ts';

export type { InventoryFile };

/** A variable written for a host or a group somewhere: the unit of precedence and of lint. */
export interface Assignment {
  readonly scope: { readonly kind: 'host' | 'group'; readonly name: string };
  readonly variable: string;
  /** What was typed, with its place. INI values are scalars too. */
  readonly node: Located;
  readonly key: LocatedScalar;
  /** The value as Ansible types it. */
  readonly value: Value;
  /** Dotted way within its file, such as `all.children.lab_a.hosts.a07.mac`. */
  readonly path: string;
}

/** A host or group as it is written in one place. */
export interface Mention {
  readonly name: string;
  readonly at: Position;
  readonly path: string;
  /** The host pattern it came from, when a range such as `pc[01:24]` was expanded. */
  readonly range?: string;
}

/** A host with everything written for it. */
export interface RawHost {
  readonly name: string;
  readonly mentions: readonly Mention[];
  /** Sorted, without `all`; includes `ungrouped` when it is in no other group. */
  readonly groups: readonly string[];
  /** Every assignment for the host itself, in reading order (later ones overrode earlier ones). */
  readonly assignments: readonly Assignment[];
  /** The winning assignment of each effective variable, group variables included. */
  readonly effective: ReadonlyMap<string, Assignment>;
}

/** A group with everything written for it. */
export interface RawGroup {
  readonly name: string;
  readonly mentions: readonly Mention[];
  readonly children: readonly string[];
  /** Direct members. */
  readonly hosts: readonly string[];
  readonly depth: number;
  readonly priority: number;
  readonly assignments: readonly Assignment[];
  /** The group's own variables after merging its places. */
  readonly effective: ReadonlyMap<string, Assignment>;
}

/** The merged inventory before Labkit's own variables are read: what `ansible-inventory --list` knows, with places. */
export interface RawInventory {
  readonly files: readonly InventoryFile[];
  /** In Ansible's order. */
  readonly hosts: ReadonlyMap<string, RawHost>;
  /** With `all` and `ungrouped`. */
  readonly groups: ReadonlyMap<string, RawGroup>;
  /** What was wrong while reading and merging. */
  readonly problems: readonly Problem[];
  /** The variables a host would have if it were in these groups too: for hosts and groups that a playbook makes on its way. */
  variablesWithin(host: string, groups: readonly string[]): Vars;
}
