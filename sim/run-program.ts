/** Runs a program to its end and hands back what it said. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { searchPath } from './missing.ts';
import type { Finished, RunOptions } from './types.ts';

/** Never throws for a program that fails: its exit code is the answer (127 where it could not be started). */
export function runProgram(argv: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const [command = '', ...rest] = argv;
  const inherit = options.stdio === 'inherit';
  const child = spawn(command, rest, {
    stdio: inherit ? 'inherit' : ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, PATH: searchPath, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.timeoutMs === undefined
      ? {}
      : { timeout: options.timeoutMs, killSignal: 'SIGKILL' }),
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  // A program that ends without reading its input is no failure of ours.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(options.input ?? '');
  return new Promise((resolve) => {
    const finish = (exitCode: number, note = '') =>
      resolve({
        exitCode,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString() + note,
      });
    child.once('error', (error) => finish(127, String(error.message)));
    child.once('close', (code, signal) =>
      finish(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}
