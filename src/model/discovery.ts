import type { Binding } from './export.ts';
import type { ImportRow } from './import.ts';

/** What may be found when the register, the configuration and the network are laid side by side; stable words that scripts rely on (docs/cli.md). */
export const findingKinds = [
  'squatted',
  'exchanged',
  'swapped-nic',
  'moved',
  'other-address',
  'behind-router',
  'ghost',
  'stale',
  'duplicate',
  'unregistered',
  'randomised',
] as const;
export type FindingKind = (typeof findingKinds)[number];

/** The case of a finding more closely; decides what people are told to do. */
export type FindingDetail =
  | 'by-registered'
  | 'by-stranger'
  | 'conflict'
  | 'gateway'
  | 'pair'
  | 'facts'
  | 'name'
  | 'port'
  | 'room'
  | 'vlan'
  | 'instead'
  | 'also'
  | 'many-addresses'
  | 'many-macs'
  | 'router-name'
  | 'nat'
  | 'last-seen'
  | 'differs'
  | 'left-over'
  | 'missing'
  | 'configured'
  | 'observed'
  | 'registered'
  | 'retired'
  | 'stranger';

/** What one side says of an address; '' where it says nothing. */
export interface Standing {
  readonly mac: string;
  readonly ip: string;
  readonly name: string;
  readonly vlan: string;
  readonly port: string;
}

/** One address as it was seen: what was said, where it stands, and when it was so (ISO 8601, '' for at this moment). */
export interface Sighting extends Standing {
  readonly source: string;
  /** Such as `line 7`. */
  readonly place: string;
  readonly seenAt: string;
}

/** One mismatch. `host` is '' for what belongs to nobody; `by` is the registered host that does it to another, or ''. */
export interface Discovered {
  readonly kind: FindingKind;
  readonly detail: FindingDetail;
  readonly host: string;
  readonly room: string;
  readonly seat: string;
  readonly by: string;
  readonly registered: Standing;
  readonly configured: Standing;
  readonly observed: Standing;
  readonly evidence: readonly Sighting[];
}

/** All that was found. Hosts are `inOrder` when they were seen as registered, `unseen` when their room was looked at and they were not there (they may be off), `notCovered` when no source says anything of their room. */
export interface Discovery {
  readonly findings: readonly Discovered[];
  readonly hosts: number;
  readonly inOrder: number;
  readonly unseen: readonly string[];
  readonly notCovered: readonly string[];
}

/** A text of observed addresses, as an import read it. */
export interface ObservedSource {
  readonly name: string;
  readonly rows: readonly ImportRow[];
}

/** A text of configured addresses, as an export read it. */
export interface ConfiguredSource {
  readonly name: string;
  readonly bindings: readonly Binding[];
}
