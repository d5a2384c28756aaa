import type { ModuleResult } from '../../model/module.ts';
import type { HostWorker, ReadyCall } from './hands.ts';

/** A call's result and how long it took. */
export interface Performed {
  readonly result: ModuleResult;
  readonly durationMs: number;
}

/** One worker at work for one course of tasks: calls are handed over one by one, and the worker may look ahead. */
export interface Line {
  /** Runs a call; rejects with what the worker throws (`Unreachable`, LabError 'failed'). */
  perform(call: ReadyCall): Promise<Performed>;
  /** Says that nothing more comes, and waits until the worker has come back. */
  close(): Promise<void>;
}

/** Puts a worker to work. `ahead(n)` answers the n-th call after the one that is running, as far as it is known. */
export function openLine(worker: HostWorker, ahead: (n: number) => ReadyCall | undefined): Line {
  let head: { call: ReadyCall; done: PromiseWithResolvers<Performed> } | undefined;
  let arrival = Promise.withResolvers<void>();
  let working: Promise<void> | undefined;

  const take = () => {
    const taken = head;
    head = undefined;
    arrival = Promise.withResolvers();
    return taken;
  };
  const work = async (): Promise<void> => {
    try {
      await worker.work({
        peek: (n) => (n === 0 || head === undefined ? head?.call : ahead(n)),
        async settle(result, { durationMs }) {
          const taken = take();
          taken?.done.resolve({ result, durationMs });
          await arrival.promise;
          return head !== undefined;
        },
      });
      if (head) throw new Error('the worker came back before its work was done');
    } catch (error) {
      working = undefined;
      take()?.done.reject(error);
    } finally {
      working = undefined;
    }
  };
  return {
    perform(call) {
      const done = Promise.withResolvers<Performed>();
      head = { call, done };
      arrival.resolve();
      working ??= work();
      return done.promise;
    },
    async close() {
      arrival.resolve();
      await working;
    },
  };
}
