import type { Connection, ReachReason } from './connection.ts';
import type { Host } from './host.ts';
import type { Value, Vars } from './value.ts';

export type Outcome = 'ok' | 'changed' | 'skipped' | 'failed' | 'unreachable' | 'cancelled';
export type Verdict = 'pass' | 'warn' | 'fail' | 'unknown' | 'skip';

/** One alteration on one host, in words for people; never carries a secret. */
export interface Change {
  readonly summary: string;
}

/** What a check found, as people read it. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly found: string;
  readonly expected?: string;
  readonly hint?: string;
  /** What fleet-wide comparison looks at (a machine id, an address), where the check compares hosts. */
  readonly key?: string;
}

/** What one step left on one host. */
export interface StepResult {
  readonly outcome: Outcome;
  readonly changes: readonly Change[];
  readonly judgement?: Judgement;
  readonly facts?: Vars;
  /** Everything else a report needs of this step (exit code, sizes), already masked. */
  readonly data?: { readonly [key: string]: Value };
  readonly message?: string;
  readonly reason?: ReachReason;
}

/** What a step is given. */
export interface StepContext {
  readonly host: Host;
  /** Opens the host's session at first use and keeps it for the following steps. */
  connection(): Promise<Connection>;
  readonly signal: AbortSignal;
  /** Reports output as it comes; text is decoded and masked. */
  output(stream: 'stdout' | 'stderr', text: string): void;
  /** Runs once per host and remembers, so that several steps share one round trip. */
  once<T>(key: string, work: () => Promise<T>): Promise<T>;
}

/** One item of a plan: all that the engine knows. */
export interface Step {
  readonly id: string;
  readonly title: string;
  /** Still runs when the host could not be reached (a check must give its verdict even then); others end with 'unreachable'. */
  readonly judgesUnreachable?: boolean;
  run(context: StepContext): Promise<StepResult>;
}

/** Who goes first: sizes of the waves, the last repeating; and how many failed hosts stop the next wave. */
export interface WavePolicy {
  readonly sizes: readonly number[];
  readonly maxFailed: number;
  /** Instead of `maxFailed`: the next wave is stopped when more than so many percent of the hosts so far failed. */
  readonly maxFailPercentage?: number;
}

/** What a run will do. */
export interface Plan {
  readonly title: string;
  readonly hosts: readonly Host[];
  readonly steps: readonly Step[];
  readonly forks: number;
  readonly waves?: WavePolicy;
  /** True when it alters hosts: then each host is locked against a second run. */
  readonly acts: boolean;
  /** The longest one host may take in all, milliseconds. */
  readonly deadlineMs?: number;
  /** Looks at all hosts together at the end (duplicates, majorities) and returns the results that change. */
  readonly conclude?: (
    results: ReadonlyMap<string, ReadonlyMap<string, StepResult>>,
  ) => readonly Conclusion[];
}

/** A step's result as it stands after all hosts were compared. */
export interface Conclusion {
  readonly host: string;
  readonly step: string;
  readonly result: StepResult;
}
