import { execa } from 'execa';
import { LabError } from '../model/lab-error.ts';

/** What a program of this machine came to. */
export interface Called {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const mostBytes = 64 * 1024;

/** Runs a program of this machine without a shell and with nothing to read; an exit code is a result. Throws LabError 'environment' when it is not there. */
export async function callProgram(
  program: string,
  args: readonly string[],
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<Called> {
  const ended = await execa(program, [...args], {
    reject: false,
    stdin: 'ignore',
    timeout: timeoutMs,
    maxBuffer: mostBytes,
    cancelSignal: signal,
    forceKillAfterDelay: 1_000,
  });
  if (ended.code === 'ENOENT' || ended.code === 'EACCES')
    throw new LabError('environment', `cannot run ${program}: ${ended.code}`, 'is it installed?', {
      cause: ended,
    });
  const late = ended.timedOut ? `no end after ${timeoutMs / 1000} s` : '';
  return {
    exitCode: ended.exitCode ?? (late === '' ? null : 124),
    stdout: ended.stdout,
    stderr: ended.stderr || late,
  };
}
