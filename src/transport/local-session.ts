import { type ChildProcess, spawn } from 'node:child_process';
import { userInfo } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { Exit, Process, Session } from './session.ts';

/** Opens a session on this machine itself (`ansible_connection: local`): lines run in `/bin/sh`. */
export function openLocal(): Session {
  const running = new Set<Process>();
  return {
    user: userInfo().username,
    lost: () => undefined,
    async start(line) {
      const child = spawn('/bin/sh', ['-c', line], { stdio: 'pipe', detached: true });
      const process = processOfChild(child, () => killGroup(child));
      running.add(process);
      process.ended.then(
        () => running.delete(process),
        () => running.delete(process),
      );
      return process;
    },
    async close() {
      for (const process of running) process.stop();
    },
  };
}

/** Kills a child with all it started; it leads a process group of its own. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // it has ended meanwhile
  }
}

/** What is asked of a child process: that of node:child_process and that of execa both have it. */
interface Child {
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  once(
    event: 'exit' | 'close',
    then: (code: number | null, signal: string | null) => void,
  ): unknown;
  once(event: 'error', then: (error: Error) => void): unknown;
}

/** A child process of ours in the shape every way in has. */
export function processOfChild(child: Child, stop: () => void): Process {
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) throw new TypeError('the child needs three pipes');
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  const ended = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  ended.catch(() => {});
  return { stdin, stdout, stderr, exited, ended, stop };
}
