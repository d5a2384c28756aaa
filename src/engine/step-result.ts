import { Unreachable } from '../model/connection.ts';
import type { RunEventBody, StepFinished } from '../model/event.ts';
import { LabError } from '../model/lab-error.ts';
import type { Outcome, StepResult } from '../model/plan.ts';
import type { HostLimit } from './host-limit.ts';

/** What a step that threw comes to; `bug` is set when nobody foresaw it. */
export interface Thrown {
  readonly result: StepResult;
  readonly bug?: unknown;
  readonly refused?: boolean;
}

/** Turns whatever a step threw into its result: an end from outside first, then a lost session, then an error a person can act on. */
export function resultOfThrow(error: unknown, limit: HostLimit): Thrown {
  if (limit.cause()) return { result: resultOfEnd(limit) };
  if (error instanceof Unreachable) return { result: unreachableResult(error) };
  const refused = error instanceof LabError && error.kind === 'refused';
  if (error instanceof LabError) {
    const message = error.hint ? `${error.message}; ${error.hint}` : error.message;
    return { result: bareResult('failed', message), refused };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { result: bareResult('failed', `unexpected: ${message}`), bug: error };
}

/** The result of work that the deadline or a second Ctrl-C ended. */
export function resultOfEnd(limit: HostLimit): StepResult {
  const reason: unknown = limit.signal.reason;
  if (reason instanceof Unreachable) return unreachableResult(reason);
  return bareResult('cancelled', 'the run was stopped');
}

/** The result of a step that could not reach its host. */
export function unreachableResult(why: Unreachable): StepResult {
  return { ...bareResult('unreachable', why.message), reason: why.reason };
}

/** A result that carries only a message. */
export function bareResult(outcome: Outcome, message: string): StepResult {
  return { outcome, changes: [], message };
}

/** A result without evidence that comes after the end was caused by the end: its outcome says so, what it judged stays. */
export function settleResult(result: StepResult, limit: HostLimit): StepResult {
  if (!limit.cause()) return result;
  const done = result.outcome === 'ok' || result.outcome === 'changed';
  return done ? result : { ...result, ...resultOfEnd(limit) };
}

/** The event of a step's end. */
export function renderStepFinished(
  place: Pick<StepFinished, 'host' | 'step' | 'durationMs'>,
  result: StepResult,
): RunEventBody & { type: 'step.finished' } {
  const { facts: _kept, ...shown } = result;
  return { type: 'step.finished', ...place, ...shown };
}

const gravity: readonly Outcome[] = [
  'failed',
  'cancelled',
  'unreachable',
  'changed',
  'ok',
  'skipped',
];

/** The outcome of a host: the gravest of its steps; 'ok' when there was nothing to do. */
export function foldOutcomes(outcomes: readonly Outcome[]): Outcome {
  return gravity.find((outcome) => outcomes.includes(outcome)) ?? 'ok';
}
