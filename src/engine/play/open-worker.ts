import type { ModuleResult } from '../../model/module.ts';
import type { CallQueue, HostWorker } from './hands.ts';
import { runCall } from './worker/run-call.ts';
import { openWorkshop, type WorkerSettings } from './worker/workshop.ts';

export type { WorkerSettings } from './worker/workshop.ts';

/** Opens a worker for one host. The session is opened at the first call that needs it. */
export function openWorker(settings: WorkerSettings): HostWorker {
  const shop = openWorkshop(settings);
  let turn: Promise<unknown> = Promise.resolve();
  // tasks that others delegate here wait for a whole call, never for what comes between calls
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.then(work, work);
    turn = next.catch(() => {});
    return next;
  };
  return {
    async work(queue: CallQueue) {
      for (;;) {
        const started = settings.nowMs();
        const result = await alone(async (): Promise<ModuleResult | undefined> => {
          const ready = queue.peek(0);
          return ready && runCall(shop, ready, queue);
        });
        if (result === undefined) return;
        if (!result.changed) shop.window.unchanged();
        const durationMs = settings.nowMs() - started;
        if (!(await queue.settle(result, { durationMs }))) return;
      }
    },
    reset: () => alone(() => shop.reset()),
    close: () => shop.reset(),
  };
}
