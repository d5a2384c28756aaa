import type { Command } from '../../src/model/command.ts';
import type { Connect, Connection, ExecOptions, ExecResult } from '../../src/model/connection.ts';
import { Unreachable } from '../../src/model/connection.ts';
import type { Host } from '../../src/model/host.ts';

/** What a scripted host answers to a command. */
export type Answer = Partial<Omit<ExecResult, 'stdout' | 'stderr'>> & {
  readonly stdout?: string | Uint8Array;
  readonly stderr?: string | Uint8Array;
};

/** Counts what was opened and closed, so that a test can say that nothing was left open. */
export interface Tally {
  opened: number;
  closed: number;
  open: number;
  mostOpen: number;
}

/** A connection whose `exec` is given; everything it opens is counted. */
export function scriptedConnect(
  answer: (host: Host, command: Command, options: ExecOptions) => Answer | Promise<Answer>,
  tally: Tally = makeTally(),
): { connect: Connect; tally: Tally } {
  const connect: Connect = async (host) => {
    tally.opened += 1;
    tally.open += 1;
    tally.mostOpen = Math.max(tally.mostOpen, tally.open);
    return makeConnection(host, answer, tally);
  };
  return { connect, tally };
}

/** A host that never answers, not even when it is told to stop. */
export const silentConnect: Connect = () => new Promise(() => {});

/** A host that cannot be reached. */
export function brokenConnect(why: Unreachable): Connect {
  return async () => {
    throw why;
  };
}

export function makeTally(): Tally {
  return { opened: 0, closed: 0, open: 0, mostOpen: 0 };
}

function makeConnection(
  host: Host,
  answer: (host: Host, command: Command, options: ExecOptions) => Answer | Promise<Answer>,
  tally: Tally,
): Connection {
  return {
    async exec(command, options = {}) {
      const found = await answer(host, command, options);
      const result = {
        exitCode: 0,
        signal: null,
        droppedBytes: 0,
        durationMs: 0,
        ...found,
        stdout: bytesOf(found.stdout),
        stderr: bytesOf(found.stderr),
      };
      options.onOutput?.('stdout', result.stdout);
      options.onOutput?.('stderr', result.stderr);
      return result;
    },
    async shell() {
      throw new Unreachable('reset', 'this host gives no shell');
    },
    async put() {
      throw new Unreachable('reset', 'this host takes no files');
    },
    // biome-ignore lint/correctness/useYield: this host has no files
    async *get() {
      throw new Unreachable('reset', 'this host gives no files');
    },
    async [Symbol.asyncDispose]() {
      tally.closed += 1;
      tally.open -= 1;
    },
  };
}

function bytesOf(text: string | Uint8Array | undefined): Uint8Array {
  return typeof text === 'string' ? Buffer.from(text) : (text ?? new Uint8Array());
}
