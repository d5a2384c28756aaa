import type { BootProgress } from './boot.ts';
import type { ReachReason } from './connection.ts';
import type { Change, Judgement, Outcome } from './plan.ts';
import type { Value } from './value.ts';

/** What every event carries: `seq` counts from 1 within the run, `at` is an ISO 8601 instant in UTC. */
interface Stamp {
  readonly run: string;
  readonly seq: number;
  readonly at: string;
}

/** What a host is in a report, kept in the run so that it can be printed again without the inventory. */
export interface RunHost {
  readonly host: string;
  readonly room: string;
  readonly seat: string;
  readonly [key: string]: Value;
}

/** What a run was asked to do, and with which display settings its report was printed. */
export interface RunStarted {
  readonly type: 'run.started';
  /** Which report folds it: run, copy, fetch, facts, check. */
  readonly kind: string;
  readonly title: string;
  readonly hosts: readonly RunHost[];
  readonly steps: readonly { readonly id: string; readonly title: string }[];
  /** Whatever the report needs beyond the events: rooms, settings, display width, language. */
  readonly context: { readonly [key: string]: Value };
}

/** The body of each event; all is plain JSON with secrets already masked. */
export type RunEventBody =
  | RunStarted
  | { readonly type: 'host.started'; readonly host: string }
  | {
      readonly type: 'host.unreachable';
      readonly host: string;
      readonly reason: ReachReason;
      readonly message: string;
      readonly hint: string;
    }
  | {
      readonly type: 'host.boot';
      readonly host: string;
      readonly stage: string;
      readonly evidence: string;
      /** When the stage was reached, ISO 8601, where that is known better than from `at`. */
      readonly reachedAt?: string;
      /** How far the host is with its disk; a stage that was told before is told again with it. */
      readonly progress?: BootProgress;
    }
  | { readonly type: 'step.started'; readonly host: string; readonly step: string }
  | {
      readonly type: 'step.output';
      readonly host: string;
      readonly step: string;
      readonly stream: 'stdout' | 'stderr';
      readonly text: string;
    }
  | StepFinished
  | {
      readonly type: 'host.finished';
      readonly host: string;
      readonly outcome: Outcome;
      readonly durationMs: number;
      /** Set when a session with the host was open at some time, whatever came of it. */
      readonly reached?: true;
      readonly reason?: ReachReason;
      readonly message?: string;
    }
  | PlayStarted
  | TaskStarted
  | TaskFinished
  | {
      readonly type: 'play.finished';
      readonly stats: { readonly [host: string]: PlayStats };
      /** Why no further play or batch was begun; absent when all came to its end. */
      readonly stopped?: string;
    }
  | {
      readonly type: 'run.finished';
      readonly outcome: 'finished' | 'cancelled';
      readonly totals: { readonly [outcome: string]: number };
    };

/** One step came to its end on one host; a later one for the same host and step replaces it (`revised`). */
export interface StepFinished {
  readonly type: 'step.finished';
  readonly host: string;
  readonly step: string;
  readonly outcome: Outcome;
  readonly changes: readonly Change[];
  readonly judgement?: Judgement;
  readonly data?: { readonly [key: string]: Value };
  readonly message?: string;
  readonly reason?: ReachReason;
  readonly durationMs: number;
  readonly revised?: boolean;
}

/** A play of a playbook begins, for its first or a later batch of hosts. */
export interface PlayStarted {
  readonly type: 'play.started';
  /** Counts from 1. */
  readonly play: number;
  readonly name: string;
  readonly hosts: readonly string[];
  /** Counts from 1; `batches` is how many there will be. */
  readonly batch: number;
  readonly batches: number;
  /** Set for a wave of `rings`, `--canary` or `--waves`. */
  readonly wave?: string;
}

/** A task begins somewhere; once for all its hosts under the linear strategy. `task` is unique in the run. */
export interface TaskStarted {
  readonly type: 'task.started';
  readonly play: number;
  readonly task: string;
  readonly name: string;
  /** In full, such as `ansible.builtin.copy`. */
  readonly action: string;
  readonly isHandler: boolean;
  /** `file:line` of the task. */
  readonly place: string;
}

/** A task, or one item of its loop, came to its end on one host. */
export interface TaskFinished {
  readonly type: 'task.finished';
  readonly task: string;
  readonly host: string;
  /** Where it really ran, when delegated. */
  readonly delegatedTo?: string;
  readonly outcome: Outcome;
  /** A failure that does not count: `ignore_errors`, `ignore_unreachable`. */
  readonly ignored?: true;
  /** A failure that a `rescue` took over. */
  readonly rescued?: true;
  /** Set for an item of a loop: its label, masked; the task itself follows without. */
  readonly item?: string;
  /** What Ansible's json callback gives for the host, masked; `{censored: …}` under no_log. */
  readonly result: { readonly [key: string]: Value };
  readonly changes: readonly Change[];
  readonly durationMs: number;
  /** Not done now: taken from the journal of the run that is resumed. */
  readonly replayed?: true;
}

/** One host's line of the recap, as Ansible counts it. */
export interface PlayStats {
  readonly ok: number;
  readonly changed: number;
  readonly unreachable: number;
  readonly failures: number;
  readonly skipped: number;
  readonly rescued: number;
  readonly ignored: number;
}

/** One thing that happened in a run. */
export type RunEvent = RunEventBody & Stamp;

/** Takes an event's body; the receiver stamps and keeps it. */
export type Emit = (event: RunEventBody) => void;
