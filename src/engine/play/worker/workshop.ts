import type { Connection } from '../../../model/connection.ts';
import type { Host } from '../../../model/host.ts';
import type { TargetHolder } from '../../target-lock.ts';
import { openPredictions, type Predictions } from './predictions.ts';
import { openPrefetched, type Prefetched } from './prefetched.ts';
import { openUserShell, type UserShell } from './user-shell.ts';
import { openWindow, type Window } from './window.ts';

/** What a worker needs from outside. */
export interface WorkerSettings {
  readonly host: Host;
  /** Opens a session, or throws `Unreachable`. */
  connect(): Promise<Connection>;
  /** Ends what runs on the host when the run is stopped. */
  readonly signal?: AbortSignal;
  /** The run as a whole changes nothing. */
  readonly checkMode: boolean;
  /** Holds the host's own lock while the run acts; undefined: without it. */
  readonly holder?: TargetHolder;
  /** How long a lock held by another run is waited for. Default 0. */
  readonly waitForLockMs?: number;
  /** Told when the host has no lock to hold, with the reason. */
  onNoLock?(why: string): void;
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
  readonly predictions: Predictions;
  readonly prefetched: Prefetched;
  readonly window: Window;
  connection(): Promise<Connection>;
  shell(user: string | undefined): Promise<UserShell>;
  reset(): Promise<void>;
}

/** Prepares what a worker works with; nothing is opened before it is needed. */
export function openWorkshop(settings: WorkerSettings): Workshop {
  const { holder, waitForLockMs = 0, checkMode, onNoLock, signal } = settings;
  let connecting: Promise<Connection> | undefined;
  const shells = new Map<string, UserShell>();
  const connection = () => {
    connecting ??= settings.connect();
    return connecting;
  };
  const open = async (becomeUser: string | undefined) =>
    openUserShell({
      connection: await connection(),
      becomeUser,
      holder: checkMode ? undefined : holder,
      waitForLockMs,
      nowMs: settings.nowMs,
      sleep: settings.sleep,
      ...(onNoLock && { onNoLock }),
      ...(signal && { signal }),
    });
  return {
    settings,
    predictions: openPredictions(),
    prefetched: openPrefetched(settings.nowMs),
    window: openWindow(),
    connection,
    async shell(user) {
      const found = shells.get(user ?? '') ?? (await open(user));
      shells.set(user ?? '', found);
      return found;
    },
    async reset() {
      const [left, was] = [[...shells.values()], connecting];
      shells.clear();
      connecting = undefined;
      await Promise.all(left.map((shell) => shell.close()));
      await was?.then(
        (session) => session[Symbol.asyncDispose](),
        () => {},
      );
    },
  };
}
