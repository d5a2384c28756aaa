import type { ReachReason } from '../model/connection.ts';
import type { RunHost, StepFinished } from '../model/event.ts';
import type { Outcome } from '../model/plan.ts';
import type { Value } from '../model/value.ts';
import type { RunRecord } from './run-record.ts';
import type { Words } from './words.ts';

/** What a run that acts left on one host. */
export interface FoldedHost {
  readonly host: string;
  readonly room: string;
  readonly seat: string;
  /** 'cancelled' also for a host the run never came to the end of. */
  readonly outcome: Outcome;
  readonly durationMs: number;
  readonly reason: ReachReason | null;
  readonly message: string;
  /** What the steps left, later ones over earlier ones; of a step that left nothing, what it said while it ran. */
  readonly data: { readonly [key: string]: Value };
}

type Ended = Pick<StepFinished, 'outcome' | 'durationMs' | 'reason' | 'message'>;

/** The hosts of a run whose steps leave `data`, in seat order. */
export function foldHosts(record: RunRecord, words: Words): FoldedHost[] {
  return record.hosts.map((host) => foldHost(record, host, words));
}

function foldHost(record: RunRecord, { host, room, seat }: RunHost, words: Words): FoldedHost {
  const unfinished = {
    outcome: 'cancelled',
    durationMs: 0,
    message: words.hostUnfinished,
  } as const;
  const { outcome, durationMs, reason, message }: Ended = record.ended.get(host) ?? unfinished;
  const data: Record<string, Value> = {};
  for (const [stream, pieces] of Object.entries(record.said.get(host) ?? {}))
    data[stream] = pieces.join('');
  for (const step of record.results.get(host)?.values() ?? []) Object.assign(data, step.data);
  const why = { reason: reason ?? null, message: message ?? '' };
  return { host, room, seat, outcome, durationMs, ...why, data };
}
