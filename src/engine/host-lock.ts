import type { Host } from '../model/host.ts';
import type { StepResult } from '../model/plan.ts';
import { abandoned, type HostLimit } from './host-limit.ts';
import { waitAtMost } from './host-session.ts';
import { resultOfEnd, resultOfThrow } from './step-result.ts';

/** A host's lock, or why it was not given. */
export interface HostLock {
  readonly barred?: {
    readonly results: readonly StepResult[];
    readonly refused: boolean;
    readonly bug?: unknown;
  };
  /** Gives the lock back, also one that arrives only later; waits at most `graceMs`. */
  release(graceMs: number): Promise<void>;
}

/** Takes a host's lock before anything is done to it; a refusal, an end from outside or a failure comes back as `barred`. */
export async function takeHostLock(
  host: Host,
  lock: ((host: Host) => Promise<AsyncDisposable>) | undefined,
  limit: HostLimit,
): Promise<HostLock> {
  if (!lock) return { release: async () => {} };
  const taking = (async () => lock(host))();
  const release = (graceMs: number): Promise<void> => {
    const releasing = taking.then(
      (held) => held[Symbol.asyncDispose](),
      () => {},
    );
    return waitAtMost(releasing, graceMs);
  };
  try {
    const answer = await limit.within(taking);
    if (answer !== abandoned) return { release };
    return { barred: { results: [resultOfEnd(limit)], refused: false }, release };
  } catch (error) {
    const { result, refused = false, bug } = resultOfThrow(error, limit);
    return { barred: { results: [result], refused, bug }, release };
  }
}
