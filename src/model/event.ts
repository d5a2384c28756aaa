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

/** One thing that happened in a run. */
export type RunEvent = RunEventBody & Stamp;

/** Takes an event's body; the receiver stamps and keeps it. */
export type Emit = (event: RunEventBody) => void;
