import type { Environment } from '../../../model/host-path.ts';
import type { Action, AnyProbe } from '../../../model/module.ts';

/** What one probe is asked with. */
export interface Look {
  readonly probe: AnyProbe;
  readonly environment: Environment;
}

/** Actions of one step; `keep` leaves its variables and files for the turns that follow, until a turn with `tidy`. */
export interface StepPart {
  readonly actions: readonly Action[];
  readonly environment: Environment;
  /** The step goes on from an earlier turn. */
  readonly goesOn: boolean;
  /** No more of it follows. */
  readonly ends: boolean;
  /** Longest time for each script, seconds; 0 for none. */
  readonly limitSeconds: number;
  /** Makes the names of temporary files of the step unique in the run. */
  readonly nonce: string;
  /** Variables of uploads that came another way, with the path each came to. */
  readonly uploaded: readonly { readonly variable: string; readonly path: string }[];
}

/** One round trip: a step, then looks. `marker` is random and belongs to this turn alone. */
export interface Turn {
  readonly marker: string;
  /** The shell is to say who and where it is, before anything else. */
  readonly hello?: boolean;
  readonly step?: StepPart;
  readonly looks: readonly Look[];
}

/** Kept of each stream of a script, bytes; what is beyond is read, counted and thrown away. */
export const maxOutputBytes = 8 * 1024 * 1024;
/** Kept of a section that holds the contents of several files. */
const maxContentBytes = 64 * 1024 * 1024;

/** Bytes to keep of each section of a turn. */
export function limitOf({ looks }: Pick<Turn, 'looks'>): number {
  const hasContent = looks.some(({ probe }) => probe.kind === 'path' && probe.contentUpTo);
  return hasContent ? maxContentBytes : maxOutputBytes;
}

/** What a shell says of itself. */
export interface Hello {
  readonly user: string;
  readonly uid: number;
  readonly home: string;
  /** When the host was started, by its own clock: seconds since 1970. */
  readonly bootedAt: number;
  readonly utcOffsetMinutes: number;
}
