import type { Io } from './io.ts';

/** Two-stage Ctrl-C: the first aborts `stop` (finish what runs), the second aborts `signal` (end it now). */
export interface Interrupts extends Disposable {
  readonly stop: AbortSignal;
  readonly signal: AbortSignal;
}

/** Listens for Ctrl-C while a run goes on, and says what the next one would do. */
export function openInterrupts(io: Io, say: (line: string) => void): Interrupts {
  const stop = new AbortController();
  const now = new AbortController();
  const close = io.onInterrupt(() => {
    if (stop.signal.aborted) return now.abort();
    stop.abort();
    say('stopping: hosts that were begun are finished; Ctrl-C again ends them now');
  });
  return { stop: stop.signal, signal: now.signal, [Symbol.dispose]: close };
}
