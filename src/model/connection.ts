import type { Command } from './command.ts';
import type { Host } from './host.ts';

/** Why a host could not be reached: stable words that scripts rely on (docs/cli.md). */
export const reachReasons = [
  'no-route',
  'refused',
  'timeout',
  'banner-timeout',
  'auth-failed',
  'host-key-changed',
  'dns',
  'reset',
  'deadline',
] as const;
export type ReachReason = (typeof reachReasons)[number];

/** A session that could not be opened or was lost; `reason` is a stable word, `message` says it in a sentence. Not a LabError: one host's trouble is a result of the run. */
export class Unreachable extends Error {
  readonly reason: ReachReason;
  readonly hint: string;

  constructor(reason: ReachReason, message: string, hint = '', cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'Unreachable';
    this.reason = reason;
    this.hint = hint;
  }
}

/** What a command left behind. Bytes as the host sent them, at most `maxOutputBytes` of each stream. */
export interface ExecResult {
  /** null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** Bytes that came beyond the limit and were not kept. */
  readonly droppedBytes: number;
  readonly durationMs: number;
}

/** How to run a command. */
export interface ExecOptions {
  readonly stdin?: Uint8Array | AsyncIterable<Uint8Array>;
  /** Kept of each stream; the rest is read and counted. Default 8 MiB. */
  readonly maxOutputBytes?: number;
  /** Ends the session when nothing at all comes for so long; default none. */
  readonly idleTimeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Run as this user through the host's become method (`sudo`). */
  readonly becomeUser?: string;
  readonly onOutput?: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void;
}

/** A file as it is written on a host. */
export interface PutOptions {
  /** Permission bits, such as 0o644. */
  readonly mode?: number;
  readonly becomeUser?: string;
  readonly signal?: AbortSignal;
}

/** How a shell is opened. */
export interface ShellOptions {
  /** What is run instead of a plain `/bin/sh` that reads its standard input. */
  readonly command?: Command;
  readonly becomeUser?: string;
  readonly signal?: AbortSignal;
  readonly onOutput: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void;
}

/** A POSIX shell that is held open and reads what is written to it. */
export interface Shell {
  /** Settles when more may be written. Never rejects: a shell that has ended says why in `ended`. */
  write(bytes: Uint8Array): Promise<void>;
  /** Settles when the shell has ended, for whatever reason; rejects with `Unreachable` when the session was lost, with LabError 'failed' when the user could not be become. */
  readonly ended: Promise<{ readonly exitCode: number | null; readonly signal: string | null }>;
  /** Lets it come to its end, and kills it when it does not. */
  close(): Promise<void>;
}

/** One open session on a host. A non-zero exit is a result; only a lost session throws `Unreachable`. */
export interface Connection extends AsyncDisposable {
  exec(command: Command, options?: ExecOptions): Promise<ExecResult>;
  /** Opens a shell of the login, or of another user, for many turns. */
  shell(options: ShellOptions): Promise<Shell>;
  /** Writes a whole file: beside its place first, then moved into it. */
  put(
    content: Uint8Array | AsyncIterable<Uint8Array>,
    remotePath: string,
    options?: PutOptions,
  ): Promise<void>;
  /** Reads a whole file as a stream of pieces; throws LabError 'failed' when it cannot be read. */
  get(
    remotePath: string,
    options?: { becomeUser?: string; signal?: AbortSignal },
  ): AsyncIterable<Uint8Array>;
}

/** Opens a session on a host, or throws `Unreachable`. */
export type Connect = (host: Host, signal: AbortSignal) => Promise<Connection>;
