import type { Readable, Writable } from 'node:stream';
import type { Unreachable } from '../model/connection.ts';

/** How a process on the host ended; both null when the host did not say. */
export interface Exit {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** One running command line on a host. Both output streams must be read, or dropped with `resume`. */
export interface Process {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles when the process itself ended; output may still come, from what it left in the background. Never rejects. */
  readonly exited: Promise<Exit>;
  /** Settles after the process ended and its output was read; rejects with `Unreachable` when the session was lost first. */
  readonly ended: Promise<Exit>;
  /** Kills it as well as the way in allows; `ended` settles soon after. */
  stop(): void;
}

/** What each way in has to offer; everything else is built on it once, in open-connection.ts. */
export interface Session {
  /** The name commands run under, to skip becoming who one already is; undefined when not known. */
  readonly user: string | undefined;
  /** Runs a line in the login shell. Throws `Unreachable` when the session is lost, `sessionsBusy` when the host takes no more at once. */
  start(line: string): Promise<Process>;
  /** Why the session was lost, or undefined while it is open. */
  lost(): Unreachable | undefined;
  /** Ends the session and everything that runs in it; never throws. */
  close(): Promise<void>;
}

/** Thrown (as this very value) by `start` when the host refuses another process beside those that run (sshd_config MaxSessions). */
export const sessionsBusy: unique symbol = Symbol('sessions busy');
