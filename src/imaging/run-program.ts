import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { LabError } from '../model/lab-error.ts';

/** How a program of this machine is run: without a shell, with nothing to read unless `input` is given. */
export interface ProgramCall {
  readonly cwd?: string;
  readonly input?: string;
  readonly signal?: AbortSignal;
  /** Told each line of its output and its errors, whichever comes. */
  onLine?(line: string): void;
  /** Takes what it prints instead of keeping it. */
  readonly take?: (output: Readable) => Promise<void>;
}

const mostKept = 4 * 1024 * 1024;
const mostErrors = 16 * 1024;

/** Runs a program to its end and gives what it printed. Throws LabError 'environment' when it is not there or fails, with the last of what it said. */
export async function runProgram(
  program: string,
  args: readonly string[],
  call: ProgramCall = {},
): Promise<string> {
  const child = spawn(program, [...args], {
    stdio: 'pipe',
    env: { ...surroundings(), LC_ALL: 'C.UTF-8' },
    ...(call.cwd === undefined ? {} : { cwd: call.cwd }),
  });
  using _stop = stopWith(child, call.signal);
  const ended = new Promise<number | string>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => reject(notRun(program, error)));
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'no exit code'));
  });
  // A program that ends before it has read everything is judged by its exit code.
  child.stdin.on('error', () => {});
  child.stdin.end(call.input ?? '');
  const said = keepText(child.stderr, mostErrors, call.onLine);
  const taken = call.take
    ? call.take(child.stdout).then(() => '')
    : keepText(child.stdout, mostKept, call.onLine);
  try {
    const [code, stderr, stdout] = await Promise.all([ended, said, taken]);
    if (call.signal?.aborted) throw new LabError('cancelled', `${program} was stopped`);
    if (code !== 0) throw failed(program, code, stderr === '' ? stdout : stderr);
    return stdout;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** Asks a program to end when it is no longer wanted. It is waited for: it has mounts and children of its own to clear away first. */
function stopWith(child: ChildProcess, signal: AbortSignal | undefined): Disposable {
  let last: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill('SIGTERM');
    last = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  };
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  return {
    [Symbol.dispose]() {
      clearTimeout(last);
      signal?.removeEventListener('abort', stop);
    },
  };
}

const patienceMs = 60_000;

/** What a program needs of the environment; nothing else of it is passed on. */
function surroundings(): NodeJS.ProcessEnv {
  return { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' };
}

/** The last `most` characters of what a stream says. */
async function keepText(
  stream: Readable,
  most: number,
  onLine: (line: string) => void = () => {},
): Promise<string> {
  let kept = '';
  let open = '';
  stream.setEncoding('utf8');
  for await (const piece of stream as AsyncIterable<string>) {
    kept = (kept + piece).slice(-most);
    const lines = (open + piece).split(/[\r\n]+/);
    open = (lines.pop() ?? '').slice(-most);
    for (const line of lines) if (line !== '') onLine(line);
  }
  if (open !== '') onLine(open);
  return kept;
}

function notRun(program: string, error: NodeJS.ErrnoException): unknown {
  const hint = error.code === 'ENOENT' ? `install it: apt-get install ${packageOf(program)}` : '';
  return new LabError('environment', `cannot run ${program}: ${error.code}`, hint, {
    cause: error,
  });
}

/** Which Debian package brings a program, where the names differ. */
function packageOf(program: string): string {
  const packages: { readonly [name: string]: string } = {
    wimlib: 'wimtools',
    wiminfo: 'wimtools',
    'apt-get': 'apt',
    'dpkg-deb': 'dpkg',
    unshare: 'util-linux',
    chroot: 'coreutils',
  };
  return packages[program] ?? program;
}

function failed(program: string, code: number | string, said: string): LabError {
  const lines = said.trim().split('\n').slice(-5).join('\n');
  const hint = /No space left on device/i.test(said) ? 'the disk is full: free some space' : lines;
  return new LabError('environment', `${program} failed (${code})`, hint);
}
