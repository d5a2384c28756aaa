import { Unreachable } from '../model/connection.ts';
import { LabError } from '../model/lab-error.ts';

/** Stands for the answer of work that did not end even after it was told to. */
export const abandoned = Symbol('abandoned');

/** Ends one host's work: at its deadline or when the run is cancelled. */
export interface HostLimit {
  readonly signal: AbortSignal;
  /** Why the work was ended; undefined while it may go on. */
  cause(): 'deadline' | 'cancelled' | undefined;
  /** Rejects with the signal's reason when the work is ended; never resolves. */
  readonly ended: Promise<never>;
  /** Waits for work, but after the end only for the grace time that is left. */
  within<T>(work: Promise<T>): Promise<T | typeof abandoned>;
  /** Lets go of timers and listeners. */
  dispose(): void;
}

/** Milliseconds that late steps get to judge without a connection, when the grace time is used up. */
const lastWordMs = 50;
const longestTimerMs = 2 ** 31 - 1;

/** Starts the clock of one host; `graceMs` is how long work may take to notice that it was ended. */
export function openHostLimit(settings: {
  readonly cancel: AbortSignal;
  readonly deadlineMs: number | undefined;
  readonly graceMs: number;
}): HostLimit {
  const { cancel, deadlineMs, graceMs } = settings;
  const controller = new AbortController();
  const expiry = Promise.withResolvers<typeof abandoned>();
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => {});
  const timers: NodeJS.Timeout[] = [];
  let cause: 'deadline' | 'cancelled' | undefined;
  let expired = false;

  const end = (why: 'deadline' | 'cancelled', reason: Error): void => {
    if (cause) return;
    cause = why;
    controller.abort(reason);
    ended.reject(reason);
    const expire = () => {
      expired = true;
      expiry.resolve(abandoned);
    };
    timers.push(setTimeout(expire, graceMs));
  };
  const onCancel = () => end('cancelled', new LabError('cancelled', 'the run was stopped'));
  if (cancel.aborted) onCancel();
  else cancel.addEventListener('abort', onCancel, { once: true });
  if (deadlineMs !== undefined) {
    const onDeadline = () => end('deadline', deadlineReason(deadlineMs));
    timers.push(setTimeout(onDeadline, Math.min(deadlineMs, longestTimerMs)));
  }
  return {
    signal: controller.signal,
    cause: () => cause,
    ended: ended.promise,
    within: (work) => Promise.race([work, expired ? lastWord() : expiry.promise]),
    dispose() {
      for (const timer of timers) clearTimeout(timer);
      cancel.removeEventListener('abort', onCancel);
    },
  };
}

function deadlineReason(deadlineMs: number): Unreachable {
  const message = `not done after ${deadlineMs / 1000} s, the deadline for one host`;
  return new Unreachable('deadline', message, 'allow more time with --deadline SECONDS');
}

function lastWord(): Promise<typeof abandoned> {
  return new Promise((resolve) => setTimeout(resolve, lastWordMs, abandoned));
}
