import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printable } from '../model/display.ts';
import { exitCodes, LabError } from '../model/lab-error.ts';
import { type Problem, sortProblems } from '../model/problem.ts';
import type { Io } from './io.ts';

/** Tells a person what went wrong, on stderr, and answers the exit code. */
export async function showError(error: unknown, io: Io, argv: readonly string[]): Promise<number> {
  if (isCancelledPrompt(error)) {
    io.stderr.write('cancelled\n');
    return exitCodes.cancelled;
  }
  if (!(error instanceof LabError)) return showBug(error, io, argv);
  for (const problem of sortProblems(error.problems)) io.stderr.write(renderProblem(problem));
  io.stderr.write(`error  ${printable(error.message)}\n`);
  if (error.hint !== '') io.stderr.write(` hint  ${printable(error.hint)}\n`);
  return exitCodes[error.kind];
}

/** One problem as people read it: where, what, and what to write instead. */
export function renderProblem(problem: Problem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const path = problem.path === '' ? '' : `  ${problem.path}:`;
  const head = `${problem.severity === 'error' ? 'error' : 'warn '}  ${printable(place)}${printable(path)} ${printable(problem.message)}\n`;
  return problem.hint === '' ? head : `${head} hint  ${printable(problem.hint)}\n`;
}

async function showBug(error: unknown, io: Io, argv: readonly string[]): Promise<number> {
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const file = join(await mkdtemp(join(tmpdir(), 'lab-trace-')), 'trace.txt');
  await writeFile(file, `lab ${argv.join(' ')}\nnode ${process.version}\n${trace}\n`, {
    mode: 0o600,
  });
  io.stderr.write(
    `error  unexpected: ${printable(error instanceof Error ? error.message : String(error))}\n`,
  );
  io.stderr.write(` hint  this is a bug of Labkit; the full trace is in ${printable(file)}\n`);
  return exitCodes.bug;
}

function isCancelledPrompt(error: unknown): boolean {
  return error instanceof Error && error.name === 'ExitPromptError';
}
