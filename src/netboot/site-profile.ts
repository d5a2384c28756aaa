import type { Position } from '../model/problem.ts';
import type { AnyProfile } from '../model/profile.ts';

/** What a rule of a site's profile may select hosts by. */
export const selectorNames = [
  'host',
  'group',
  'room',
  'class',
  'model',
  'serial',
  'uuid',
  'mac',
] as const;
export type SelectorName = (typeof selectorNames)[number];

/** One rule of `for:`: a host fits when it fits every selector; a selector lists texts, of which one must be the host's (`*` stands for any run of characters). */
export interface ProfileRule {
  readonly selectors: ReadonlyMap<SelectorName, readonly string[]>;
  readonly at: Position;
}

/** A file pinned by the site for an asset that its base profile asks for; '' where nothing is said. */
export interface AssetPin {
  readonly asset: string;
  /** Hex. */
  readonly sha256: string;
  readonly url: string;
  /** An absolute path. */
  readonly path: string;
}

/** A profile of the site, `playbooks/profiles/NAME.yaml`: a catalog entry under a name of its own, with settings, pins and the hosts it is for. */
export interface SiteProfile {
  readonly name: string;
  readonly base: AnyProfile;
  /** Settings of the base, read. */
  readonly options: unknown;
  /** Playbook to run once the system is proven, '' for none; suite that proves it, '' for the built-in proof alone. */
  readonly playbook: string;
  readonly suite: string;
  readonly rules: readonly ProfileRule[];
  readonly pins: readonly AssetPin[];
  readonly at: Position;
}
