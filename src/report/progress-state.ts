import type { RunEvent } from '../model/event.ts';
import type { Outcome } from '../model/plan.ts';
import type { BootRow } from './boot-row.ts';

/** What a host that runs is doing. Times are milliseconds since 1970, from the events. */
export interface RunningHost {
  readonly sinceMs: number;
  readonly doing: string;
  /** The first thing that went wrong on it, or ''. */
  readonly trouble: string;
  /** How far its installation is, where it is one; `sinceMs` is when it reached the stage. */
  readonly boot?: Omit<BootRow, 'stageMs'> & { readonly sinceMs: number };
}

/** How a run stands after some of its events; running hosts in the order they began. */
export interface ProgressState {
  readonly total: number;
  readonly steps: ReadonlyMap<string, string>;
  readonly startedMs: number;
  readonly running: ReadonlyMap<string, RunningHost>;
  readonly counts: ReadonlyMap<Outcome, number>;
  readonly done: number;
  readonly over: boolean;
}

/** A host that came to its end. */
export interface FinishedHost {
  readonly host: string;
  readonly outcome: Outcome;
  readonly said: string;
  readonly durationMs: number;
}

export const noProgress: ProgressState = {
  total: 0,
  steps: new Map(),
  startedMs: 0,
  running: new Map(),
  counts: new Map(),
  done: 0,
  over: false,
};

/** The state after one more event, and the host that this event finished, if any. */
export function foldProgress(
  state: ProgressState,
  event: RunEvent,
): { readonly state: ProgressState; readonly finished?: FinishedHost } {
  switch (event.type) {
    case 'run.started':
      return {
        state: {
          ...noProgress,
          total: event.hosts.length,
          steps: new Map(event.steps.map(({ id, title }) => [id, title])),
          startedMs: Date.parse(event.at),
        },
      };
    case 'run.finished':
      return { state: { ...state, running: new Map(), over: true } };
    case 'host.finished': {
      const running = new Map(state.running);
      running.delete(event.host);
      const counts = new Map(state.counts).set(
        event.outcome,
        (state.counts.get(event.outcome) ?? 0) + 1,
      );
      const { host, outcome, durationMs } = event;
      const said = [event.reason, event.message ?? state.running.get(host)?.trouble]
        .filter(Boolean)
        .join(': ');
      return {
        state: { ...state, running, counts, done: state.done + 1 },
        finished: { host, outcome, said, durationMs },
      };
    }
    default:
      return { state: 'host' in event ? foldRunning(state, event) : state };
  }
}

function foldRunning(
  state: ProgressState,
  event: Extract<RunEvent, { readonly host: string }>,
): ProgressState {
  const before = state.running.get(event.host);
  const change = (now: Partial<RunningHost>): ProgressState => ({
    ...state,
    running: new Map(state.running).set(event.host, {
      sinceMs: Date.parse(event.at),
      doing: '',
      trouble: '',
      ...before,
      ...now,
    }),
  });
  if (event.type === 'host.started') return change({});
  // What is compared after all hosts have ended concerns hosts that run no more.
  if (!before) return state;
  if (event.type === 'step.started')
    return change({ doing: state.steps.get(event.step) ?? event.step });
  if (event.type === 'host.boot') return change({ boot: foldBoot(before, event) });
  if (event.type === 'host.unreachable')
    return change({ trouble: before.trouble || event.message });
  const failed = event.type === 'step.finished' && event.outcome === 'failed';
  if (!failed || before.trouble !== '') return state;
  return change({ trouble: `${event.step}: ${event.message ?? event.judgement?.found ?? ''}` });
}

function foldBoot(
  { boot }: RunningHost,
  { stage, reachedAt, at, progress }: Extract<RunEvent, { readonly type: 'host.boot' }>,
): RunningHost['boot'] & {} {
  const known = boot?.stage === stage ? boot : { stage, sinceMs: Date.parse(reachedAt ?? at) };
  return progress ? { ...known, progress } : known;
}
