import type { Connection } from '../../model/connection.ts';
import type { Host } from '../../model/host.ts';
import type { ModuleResult } from '../../model/module.ts';
import type { TargetHolder } from '../target-lock.ts';
import type { CallQueue, HostWorker } from './hands.ts';
import { openPredictions } from './worker/predictions.ts';
import { openPrefetched } from './worker/prefetched.ts';
import { runCall } from './worker/run-call.ts';
import { openUserShell, type UserShell } from './worker/user-shell.ts';
import { openWindow, type Window } from './worker/window.ts';

/** What a worker needs from outside. */
export interface WorkerSettings {
  readonly host: Host;
  /** Opens a session, or throws `Unreachable`. */
  connect(): Promise<Connection>;
  /** The run as a whole changes nothing. */
  readonly checkMode: boolean;
  /** Holds the host's own lock while the run acts; undefined: without it. */
  readonly holder?: TargetHolder;
  /** How long a lock held by another run is waited for. Default 0. */
  readonly waitForLockMs?: number;
  /** Never the same twice in a run. */
  nonce(): string;
  nowMs(): number;
  sleep(ms: number): Promise<void>;
  /** Reads a file of the controller. */
  openSource(path: string): AsyncIterable<Uint8Array>;
  /** Writes a file of the controller, whole or not at all. */
  saveHere(
    path: string,
    content: AsyncIterable<Uint8Array>,
  ): Promise<{ sha1: string; size: number }>;
  /** sha1 of a file of the controller; undefined when there is none. */
  sha1Here(path: string): Promise<string | undefined>;
  /** Asks the person at the terminal; undefined where there is none. */
  prompt?(question: string, echo: boolean): Promise<string | undefined>;
}

/** What a worker's parts share. */
export interface Workshop {
  readonly settings: WorkerSettings;
  readonly predictions: ReturnType<typeof openPredictions>;
  readonly prefetched: ReturnType<typeof openPrefetched>;
  readonly window: Window;
  connection(): Promise<Connection>;
  shell(user: string | undefined): Promise<UserShell>;
  reset(): Promise<void>;
}

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

function openWorkshop(settings: WorkerSettings): Workshop {
  let connecting: Promise<Connection> | undefined;
  const shells = new Map<string, Promise<UserShell>>();
  const connection = () => {
    connecting ??= settings.connect();
    return connecting;
  };
  return {
    settings,
    predictions: openPredictions(),
    prefetched: openPrefetched(settings.nowMs),
    window: openWindow(),
    connection,
    async shell(user) {
      const found =
        shells.get(user ?? '') ?? connection().then((open) => openUserShell(open, user));
      shells.set(user ?? '', found);
      return found;
    },
    async reset() {
      const [open, was] = [[...shells.values()], connecting];
      shells.clear();
      connecting = undefined;
      for (const shell of open)
        await shell.then(
          (it) => it.close(),
          () => {},
        );
      await was?.then(
        (it) => it[Symbol.asyncDispose](),
        () => {},
      );
    },
  };
}
