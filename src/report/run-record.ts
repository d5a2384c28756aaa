import type { RunEvent, RunHost, RunStarted, StepFinished } from '../model/event.ts';
import { sortBySeat } from './seat-order.ts';

type Of<T extends RunEvent['type']> = Extract<RunEvent, { readonly type: T }>;

type Stream = Of<'step.output'>['stream'];

/** A run's events sorted by what they are about; the latest result of each host and step counts. */
export interface RunRecord {
  readonly run: string;
  readonly started: RunStarted;
  readonly startedAt: string;
  /** When it ended, else when the last event came. */
  readonly finishedAt: string;
  /** Undefined while it still runs, and when its controller died. */
  readonly finished: Of<'run.finished'> | undefined;
  /** In seat order. */
  readonly hosts: readonly RunHost[];
  readonly results: ReadonlyMap<string, ReadonlyMap<string, StepFinished>>;
  readonly unreachable: ReadonlyMap<string, Of<'host.unreachable'>>;
  readonly ended: ReadonlyMap<string, Of<'host.finished'>>;
  /** What steps said while they ran, by host, a piece for each event. */
  readonly said: ReadonlyMap<string, { readonly [S in Stream]: readonly string[] }>;
}

/** Folds the events of one run, which begin with `run.started`. */
export function foldRecord(events: readonly RunEvent[]): RunRecord {
  const started = events.find((event) => event.type === 'run.started');
  if (started?.type !== 'run.started')
    throw new Error('the events of a run begin with run.started');
  const results = new Map<string, Map<string, StepFinished>>();
  const unreachable = new Map<string, Of<'host.unreachable'>>();
  const ended = new Map<string, Of<'host.finished'>>();
  const said = new Map<string, { [S in Stream]: string[] }>();
  let finished: Of<'run.finished'> | undefined;
  for (const event of events) {
    if (event.type === 'step.finished')
      entryOf(results, event.host, new Map()).set(event.step, event);
    else if (event.type === 'host.unreachable') unreachable.set(event.host, event);
    else if (event.type === 'host.finished') ended.set(event.host, event);
    else if (event.type === 'run.finished') finished = event;
    else if (event.type === 'step.output')
      entryOf(said, event.host, { stdout: [], stderr: [] })[event.stream].push(event.text);
  }
  const { run, at: startedAt } = started;
  const finishedAt = finished?.at ?? events.at(-1)?.at ?? startedAt;
  const hosts = sortBySeat(started.hosts);
  return {
    run,
    started,
    startedAt,
    finishedAt,
    finished,
    hosts,
    results,
    unreachable,
    ended,
    said,
  };
}

/** A host's entry, made from `empty` when there is none yet. */
function entryOf<V>(map: Map<string, V>, host: string, empty: V): V {
  const known = map.get(host) ?? empty;
  map.set(host, known);
  return known;
}

/** The heading every report of a run carries. */
export function headingOf({ run, started }: RunRecord): string {
  return `${started.title} · ${run}`;
}

/** A text that the inventory wrote for a host when the run began, or ''. */
export function fieldOf(host: RunHost, field: string): string {
  const value = host[field];
  return typeof value === 'string' ? value : '';
}
