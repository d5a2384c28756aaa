import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';

/** What waiting for another run's locks needs. */
export interface LockWait {
  take(host: Host): Promise<AsyncDisposable>;
  /** How long a lock that another run holds is waited for; hosts that wait one behind the other share it. */
  readonly waitMs: number;
  now(): number;
  say(line: string): void;
  /** Ends the waiting. */
  readonly stop: AbortSignal;
}

const pauseMs = 200;

/** Takes a host's lock, and waits a while where another run holds it; then throws its LabError 'refused'. */
export function openLockWait(wait: LockWait): (host: Host) => Promise<AsyncDisposable> {
  let until: number | undefined;
  /** Whether another attempt may be made after this trouble. */
  const mayWait = (error: unknown): error is LabError => {
    if (!(error instanceof LabError) || error.kind !== 'refused') return false;
    until ??= wait.now() + wait.waitMs;
    return wait.now() < until && !wait.stop.aborted;
  };
  return async (host) => {
    for (let turn = 0; ; turn++)
      try {
        const held = await wait.take(host);
        until = undefined;
        return held;
      } catch (error) {
        if (!mayWait(error)) throw error;
        if (turn === 0) wait.say(`waiting: ${error.message}`);
        await sleep(pauseMs, undefined, { signal: wait.stop }).catch(() => {});
      }
  };
}
