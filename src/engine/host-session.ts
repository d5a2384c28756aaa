import { type Connect, type Connection, Unreachable } from '../model/connection.ts';
import type { Host } from '../model/host.ts';
import type { HostLimit } from './host-limit.ts';

/** One host's only connection: opened at first use, closed for certain. */
export interface HostSession {
  /** The open connection; rejects with the same `Unreachable` for every step once the host is known to be out of reach. */
  connection(): Promise<Connection>;
  /** Remembers that the session was lost. */
  lose(why: Unreachable): void;
  /** Why the host cannot be reached; undefined while it can, or while nobody tried. */
  lost(): Unreachable | undefined;
  /** True once a session was open, whatever became of it. */
  reached(): boolean;
  /** Closes what was opened, also when it opens only later; gives up waiting after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** Prepares a session; `onLost` is called once, when the host turns out to be out of reach. */
export function openHostSession(settings: {
  readonly host: Host;
  readonly connect: Connect;
  readonly limit: HostLimit;
  readonly onLost: (why: Unreachable) => void;
}): HostSession {
  const { host, connect, limit, onLost } = settings;
  let opening: Promise<Connection> | undefined;
  let lost: Unreachable | undefined;
  let reached = false;

  const lose = (why: Unreachable): void => {
    if (lost) return;
    lost = why;
    onLost(why);
  };
  const open = async (): Promise<Connection> => {
    const connection = await connect(host, limit.signal);
    reached = true;
    return connection;
  };
  return {
    async connection() {
      if (lost) throw lost;
      limit.signal.throwIfAborted();
      opening ??= open();
      try {
        return await Promise.race([opening, limit.ended]);
      } catch (error) {
        const why: unknown = limit.signal.aborted ? limit.signal.reason : error;
        if (why instanceof Unreachable) lose(why);
        throw lost ?? why;
      }
    },
    lose,
    lost: () => lost,
    reached: () => reached,
    async close(graceMs) {
      if (!opening) return;
      const closing = opening.then(
        (connection) => connection[Symbol.asyncDispose](),
        () => {},
      );
      await waitAtMost(closing, graceMs);
    },
  };
}

/** Waits for work that must not hold up anything else; what it throws after that time is of no interest any more. */
export async function waitAtMost(work: Promise<void>, limitMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, limitMs);
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}
