import type { ReachReason } from '../model/connection.ts';
import type { RunEvent, RunHost, RunStarted } from '../model/event.ts';
import type { Outcome } from '../model/plan.ts';
import type { Value } from '../model/value.ts';
import { foldRecord, type RunRecord } from './run-record.ts';

/** One host of a run, folded from its events. */
export interface FoldedHost {
  readonly host: string;
  readonly room: string;
  readonly seat: string;
  /** 'cancelled' also for a host the run never came to the end of. */
  readonly outcome: Outcome;
  readonly durationMs: number;
  readonly reason: ReachReason | null;
  readonly message: string;
  readonly hint: string;
  /** What the steps left, later ones over earlier ones; of a step that left nothing, what it said while it ran. */
  readonly data: { readonly [key: string]: Value };
}

/** A whole run, folded from its events. */
export interface FoldedRun {
  readonly run: string;
  readonly kind: string;
  readonly title: string;
  readonly startedAt: string;
  /** When it ended, else when its last event came. */
  readonly finishedAt: string;
  readonly context: RunStarted['context'];
  /** In seat order. */
  readonly hosts: readonly FoldedHost[];
}

/** Folds events of any run whose steps leave `data`; the same events always give the same value. */
export function foldHosts(events: readonly RunEvent[]): FoldedRun {
  const record = foldRecord(events);
  const { run, started, startedAt, finishedAt } = record;
  const { kind, title, context } = started;
  const outputs = foldOutputs(events);
  const hosts = record.hosts.map((host) => foldHost(record, host, outputs.get(host.host) ?? {}));
  return { run, kind, title, startedAt, finishedAt, context, hosts };
}

/** What steps said while they ran, by host: all there is of a step that was ended before its time. */
function foldOutputs(events: readonly RunEvent[]): ReadonlyMap<string, Record<string, Value>> {
  const pieces = new Map<string, { stdout: string[]; stderr: string[] }>();
  for (const event of events) {
    if (event.type !== 'step.output') continue;
    const known = pieces.get(event.host) ?? { stdout: [], stderr: [] };
    known[event.stream].push(event.text);
    pieces.set(event.host, known);
  }
  const join = ({ stdout, stderr }: { stdout: string[]; stderr: string[] }) => ({
    stdout: stdout.join(''),
    stderr: stderr.join(''),
  });
  return new Map([...pieces].map(([host, said]) => [host, join(said)]));
}

function foldHost(
  record: RunRecord,
  { host, room, seat }: RunHost,
  said: { readonly [key: string]: Value },
): FoldedHost {
  const { outcome, durationMs, reason, message } = record.ended.get(host) ?? unfinished;
  const data: Record<string, Value> = { ...said };
  for (const step of record.results.get(host)?.values() ?? []) Object.assign(data, step.data);
  return {
    host,
    room,
    seat,
    outcome,
    durationMs,
    reason: reason ?? null,
    message: message ?? '',
    hint: record.unreachable.get(host)?.hint ?? '',
    data,
  };
}

const unfinished = {
  outcome: 'cancelled',
  durationMs: 0,
  reason: undefined,
  message: 'the run ended before this host was finished',
} as const;

/** Counts rows by outcome, in the order they first come. */
export function countOutcomes(
  rows: readonly { readonly outcome: string }[],
): Record<string, number> {
  const totals: Record<string, number> = {};
  for (const { outcome } of rows) totals[outcome] = (totals[outcome] ?? 0) + 1;
  return totals;
}
