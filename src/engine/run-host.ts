import { type Connect, type ReachReason, Unreachable } from '../model/connection.ts';
import type { Emit, RunEventBody } from '../model/event.ts';
import type { Host } from '../model/host.ts';
import type { Outcome, Plan, StepResult } from '../model/plan.ts';
import { type HostLimit, openHostLimit } from './host-limit.ts';
import { takeHostLock } from './host-lock.ts';
import { type HostSession, openHostSession } from './host-session.ts';
import { elapsedMs, runSteps, type TimedResult } from './run-steps.ts';
import { foldOutcomes, unreachableResult } from './step-result.ts';

/** What one host of a run came to. */
export interface HostResult {
  readonly outcome: Outcome;
  readonly durationMs: number;
  /** True when a session was open at some time: a host lost after that may be left half done. */
  readonly reached: boolean;
  /** True when a guard said no, such as another run's lock. */
  readonly refused: boolean;
  readonly reason?: ReachReason;
  readonly message?: string;
}

/** What one host's steps left, by step id. */
export type StepResults = ReadonlyMap<string, TimedResult>;

/** What a host's work needs from outside. */
export interface HostRim {
  readonly connect: Connect;
  readonly emit: Emit;
  now(): number;
  readonly signal: AbortSignal;
  readonly lock?: (host: Host) => Promise<AsyncDisposable>;
  readonly graceMs: number;
  onBug(error: unknown): void;
  /** Called before the host is reported. */
  onResults(results: StepResults): void;
}

/** Does everything a plan wants of one host and reports it; ends soon after the deadline whatever the steps do, and never throws. */
export async function runHost(plan: Plan, host: Host, rim: HostRim): Promise<HostResult> {
  const startedMs = rim.now();
  const gate = openGate(rim.emit);
  const { emit } = gate;
  const { signal: cancel, connect, graceMs } = rim;
  const limit = openHostLimit({ cancel, deadlineMs: plan.deadlineMs, graceMs });
  const session = openHostSession({
    host,
    connect,
    limit,
    onLost: ({ reason, message, hint }) =>
      emit({ type: 'host.unreachable', host: host.name, reason, message, hint }),
  });
  emit({ type: 'host.started', host: host.name });
  const lock = await takeHostLock(host, plan.acts ? rim.lock : undefined, limit);
  const work = lock.barred ?? (await workOn(plan, host, { ...rim, emit }, { session, limit }));
  const result: HostResult = {
    ...judgeHost(work.results, session),
    durationMs: elapsedMs(rim, startedMs),
    reached: session.reached(),
    refused: work.refused,
  };
  if (work.bug !== undefined) rim.onBug(work.bug);
  emit(renderHostFinished(host, result));
  gate.shut();
  await closeAll([session.close(graceMs), lock.release(graceMs)], rim.onBug);
  limit.dispose();
  return result;
}

interface Work {
  readonly results: readonly StepResult[];
  readonly refused: boolean;
  readonly bug?: unknown;
}

async function workOn(
  plan: Plan,
  host: Host,
  rim: HostRim,
  own: { readonly session: HostSession; readonly limit: HostLimit },
): Promise<Work> {
  let refused = false;
  const onRefused = () => {
    refused = true;
  };
  const results = await runSteps(plan.steps, { ...rim, ...own, host, onRefused });
  rim.onResults(results);
  return { results: [...results.values()].map(({ result }) => result), refused };
}

function judgeHost(
  results: readonly StepResult[],
  session: HostSession,
): Pick<HostResult, 'outcome' | 'reason' | 'message'> {
  const lost = session.lost();
  const all = lost ? [...results, unreachableResult(lost)] : results;
  const outcome = foldOutcomes(all.map((result) => result.outcome));
  const first = all.find((result) => result.outcome === outcome);
  if (!first || outcome === 'ok' || outcome === 'changed') return { outcome };
  return { outcome, ...pickSaid(first) };
}

function pickSaid({ reason, message }: StepResult): Pick<HostResult, 'reason' | 'message'> {
  return { ...(reason && { reason }), ...(message && { message }) };
}

function renderHostFinished(host: Host, result: HostResult): RunEventBody {
  const { outcome, durationMs, reached, reason, message } = result;
  return {
    type: 'host.finished',
    host: host.name,
    outcome,
    durationMs,
    ...(reached && { reached }),
    ...(reason && { reason }),
    ...(message && { message }),
  };
}

/** Lets events through until the host is reported: a step that outlives its host has nothing more to say. */
function openGate(emit: Emit): { emit: Emit; shut(): void } {
  let open = true;
  return {
    emit: (event) => {
      if (open) emit(event);
    },
    shut: () => {
      open = false;
    },
  };
}

async function closeAll(
  closings: readonly Promise<void>[],
  onBug: (error: unknown) => void,
): Promise<void> {
  for (const closed of await Promise.allSettled(closings)) {
    // A session that cannot be closed properly is gone as well.
    if (closed.status === 'rejected' && !(closed.reason instanceof Unreachable))
      onBug(closed.reason);
  }
}
