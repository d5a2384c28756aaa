import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { type ExecOptions, type ExecResult, Unreachable } from '../model/connection.ts';
import { openCollector } from './collect.ts';
import type { Launched } from './launch.ts';
import { abortTrouble } from './reach.ts';
import type { Exit, Process } from './session.ts';

const defaultMaxOutputBytes = 8 * 1024 * 1024;
/** How long output may still come after the exit status: what a command left in the background may hold its output open for ever. */
const afterExitMs = 2_000;

/** What a command reads: pieces of bytes. */
type Input = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** How a command is seen to its end; `giveUp` ends the whole session. */
export interface RunOptions
  extends Pick<ExecOptions, 'maxOutputBytes' | 'idleTimeoutMs' | 'signal' | 'onOutput'> {
  readonly input: Input;
  readonly giveUp: () => void;
}

/** Sees a launched command to its end: writes its input, keeps its output, watches the clocks. */
export async function runCommand(
  where: string,
  launched: Launched,
  options: RunOptions,
): Promise<ExecResult> {
  const startedAt = performance.now();
  const { process } = launched;
  const watch = watchClocks(where, process, options);
  const over = new AbortController();
  const kept = keepOutput(launched, options, watch.heard);
  const input = giveInput(launched, options.input, over.signal);
  const inputFailed = input.then(() => watch.trouble);
  inputFailed.catch(() => {});
  try {
    const exit = await Promise.race([endOf(process, watch.quiet), watch.trouble, inputFailed]);
    launched.check();
    return { ...exit, ...kept(), durationMs: performance.now() - startedAt };
  } finally {
    over.abort();
    watch.stop();
  }
}

/** Reads both streams; the returned function says what was kept of them. */
function keepOutput(launched: Launched, options: RunOptions, heard: () => void) {
  const limit = options.maxOutputBytes ?? defaultMaxOutputBytes;
  const kept = { stdout: openCollector(limit), stderr: openCollector(limit) };
  const take = (stream: 'stdout' | 'stderr', bytes: Buffer) => {
    if (bytes.length === 0) return;
    kept[stream].push(bytes);
    options.onOutput?.(stream, bytes);
  };
  launched.process.stdout.on('data', (bytes: Buffer) => {
    heard();
    take('stdout', bytes);
  });
  launched.process.stderr.on('data', (bytes: Buffer) => {
    heard();
    take('stderr', launched.stderr(bytes));
  });
  return () => ({
    stdout: kept.stdout.bytes(),
    stderr: kept.stderr.bytes(),
    droppedBytes: kept.stdout.dropped() + kept.stderr.dropped(),
  });
}

/** The command's own end of the conversation: its exit, with all its output read. */
async function endOf(process: Process, quiet: () => Promise<void>): Promise<Exit> {
  const ends = Promise.all([process.ended, ended(process.stdout), ended(process.stderr)]);
  ends.catch(() => {});
  const left = process.exited.then(async (exit) => {
    await quiet();
    process.stop();
    return exit;
  });
  return Promise.race([ends.then(([exit]) => exit), left]);
}

function ended(stream: Readable): Promise<void> {
  if (stream.readableEnded || stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once('end', resolve).once('close', resolve);
  });
}

/** Writes the input with back-pressure, once it belongs to the command; a source that fails stops the command. */
async function giveInput(launched: Launched, input: Input, over: AbortSignal): Promise<void> {
  const { stdin, stop } = launched.process;
  // a command need not read its input: writing to one that has ended is no trouble
  stdin.on('error', () => {});
  await launched.ready;
  if (launched.inputClosed) return;
  try {
    for await (const piece of input) {
      if (over.aborted) return;
      if (!stdin.write(piece)) await once(stdin, 'drain', { signal: over }).catch(() => {});
    }
    stdin.end();
  } catch (error) {
    stop();
    throw error;
  }
}

function watchClocks(
  where: string,
  process: Process,
  { idleTimeoutMs, signal, giveUp }: RunOptions,
) {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  let heardAt = performance.now();
  let idle: NodeJS.Timeout | undefined;
  let leaving: NodeJS.Timeout | undefined;
  const abort = () => {
    process.stop();
    if (signal) reject(abortTrouble(where, signal));
  };
  const silent = () => {
    process.stop();
    giveUp();
    const seconds = (idleTimeoutMs ?? 0) / 1000;
    reject(new Unreachable('timeout', `${where} printed nothing for ${seconds} s`));
  };
  if (idleTimeoutMs !== undefined) idle = setTimeout(silent, idleTimeoutMs);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  return {
    trouble: promise,
    heard() {
      heardAt = performance.now();
      idle?.refresh();
    },
    /** Settles when nothing has come for a while. */
    quiet: () =>
      new Promise<void>((resolve) => {
        const look = () => {
          const left = heardAt + afterExitMs - performance.now();
          if (left <= 0) resolve();
          else leaving = setTimeout(look, left);
        };
        heardAt = Math.max(heardAt, performance.now());
        look();
      }),
    stop() {
      clearTimeout(idle);
      clearTimeout(leaving);
      signal?.removeEventListener('abort', abort);
    },
  };
}
