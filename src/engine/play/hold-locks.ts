import type { Host } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';
import type { WholeRun } from './play-run.ts';

/** The locks of a run: taken when a host's turn comes, held to the end. */
export interface Locks {
  /** Answers why a host cannot be had, or nothing. */
  take(host: Host): Promise<string | undefined>;
  release(): Promise<void>;
}

export function holdLocks({ rim, refused }: WholeRun): Locks {
  const held = new Map<string, AsyncDisposable>();
  return {
    async take(host) {
      if (!rim.lock || held.has(host.name)) return undefined;
      try {
        held.set(host.name, await rim.lock(host));
        return undefined;
      } catch (error) {
        if (!(error instanceof LabError)) throw error;
        if (error.kind === 'refused') refused.add(host.name);
        return error.message;
      }
    },
    async release() {
      await Promise.allSettled([...held.values()].map((lock) => lock[Symbol.asyncDispose]()));
    },
  };
}
