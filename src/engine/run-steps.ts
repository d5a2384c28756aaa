import { Unreachable } from '../model/connection.ts';
import type { Emit } from '../model/event.ts';
import type { Host } from '../model/host.ts';
import type { Step, StepContext, StepResult } from '../model/plan.ts';
import { abandoned, type HostLimit } from './host-limit.ts';
import type { HostSession } from './host-session.ts';
import {
  bareResult,
  renderStepFinished,
  resultOfEnd,
  resultOfThrow,
  settleResult,
  unreachableResult,
} from './step-result.ts';

/** What the steps of one host share. */
export interface StepsRim {
  readonly host: Host;
  readonly session: HostSession;
  readonly limit: HostLimit;
  readonly emit: Emit;
  now(): number;
  onBug(error: unknown): void;
  onRefused(): void;
}

/** A step's result with how long it took. */
export interface TimedResult {
  readonly result: StepResult;
  readonly durationMs: number;
}

/** Runs one host's steps in order; every step gets exactly one `step.finished`, also the ones that had no chance to run. */
export async function runSteps(
  steps: readonly Step[],
  rim: StepsRim,
): Promise<ReadonlyMap<string, TimedResult>> {
  const results = new Map<string, TimedResult>();
  const context = makeContext(rim);
  let failed = false;
  for (const step of steps) {
    const barred = barredResult(step, rim, failed);
    const timed = barred ? { result: barred, durationMs: 0 } : await runStep(step, context, rim);
    const { result, durationMs } = timed;
    // A check that judged "fail" is no reason not to ask the next check.
    if (result.outcome === 'failed' && !result.judgement) failed = true;
    results.set(step.id, timed);
    rim.emit(renderStepFinished({ host: rim.host.name, step: step.id, durationMs }, result));
  }
  return results;
}

function barredResult(
  step: Step,
  { limit, session }: StepsRim,
  failed: boolean,
): StepResult | undefined {
  if (limit.cause() === 'cancelled') return resultOfEnd(limit);
  if (step.judgesUnreachable) return undefined;
  const lost = session.lost();
  if (lost) return unreachableResult(lost);
  if (limit.cause()) return resultOfEnd(limit);
  return failed ? bareResult('skipped', 'an earlier step failed') : undefined;
}

async function runStep(
  step: Step,
  context: (step: Step) => StepContext,
  rim: StepsRim,
): Promise<TimedResult> {
  const startedMs = rim.now();
  rim.emit({ type: 'step.started', host: rim.host.name, step: step.id });
  const result = await settleStep(step, context(step), rim);
  return { result, durationMs: elapsedMs(rim, startedMs) };
}

/** Whole milliseconds since then, never less than none. */
export function elapsedMs(clock: { now(): number }, sinceMs: number): number {
  return Math.max(0, Math.round(clock.now() - sinceMs));
}

async function settleStep(step: Step, context: StepContext, rim: StepsRim): Promise<StepResult> {
  const { limit, session } = rim;
  try {
    // Called inside a promise, so that a step that throws at once is a step that rejects.
    const answer = await limit.within((async () => step.run(context))());
    if (answer !== abandoned) return settleResult(answer, limit);
    if (limit.signal.reason instanceof Unreachable) session.lose(limit.signal.reason);
    return resultOfEnd(limit);
  } catch (error) {
    const { result, bug, refused } = resultOfThrow(error, limit);
    if (bug !== undefined) rim.onBug(bug);
    if (refused) rim.onRefused();
    const why: unknown = limit.cause() ? limit.signal.reason : error;
    if (why instanceof Unreachable) session.lose(why);
    return result;
  }
}

function makeContext(rim: StepsRim): (step: Step) => StepContext {
  const { host, session, limit, emit } = rim;
  const memory = new Map<string, Promise<unknown>>();
  return (step) => ({
    host,
    signal: limit.signal,
    connection: () => session.connection(),
    output: (stream, text) =>
      emit({ type: 'step.output', host: host.name, step: step.id, stream, text }),
    once<T>(key: string, work: () => Promise<T>): Promise<T> {
      const known = memory.get(key) as Promise<T> | undefined;
      const answer = known ?? (async () => work())();
      memory.set(key, answer);
      return answer;
    },
  });
}
