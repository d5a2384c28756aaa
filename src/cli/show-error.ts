import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodes, LabError } from '../model/lab-error.ts';
import { sortProblems } from '../model/problem.ts';
import { renderProblemLines, tellLines, tellProblem } from '../report/problem-lines.ts';
import type { Io } from './io.ts';
import { explainSystemTrouble } from './system-trouble.ts';

/** Tells a person what went wrong, on stderr, and answers the exit code. */
export async function showError(thrown: unknown, io: Io, argv: readonly string[]): Promise<number> {
  const first = firstOf(thrown);
  const error = explainSystemTrouble(first) ?? first;
  if (isCancelledPrompt(error)) {
    io.stderr.write('cancelled\n');
    return exitCodes.cancelled;
  }
  if (!(error instanceof LabError)) return showBug(error, io, argv);
  const problems = sortProblems(error.problems).flatMap(tellProblem);
  const lines = [...problems, ...tellLines('error', error.message, error.hint)];
  io.stderr.write(renderProblemLines(lines));
  return exitCodes[error.kind];
}

/** What went wrong first, when closing failed as well (a full disk does both). */
function firstOf(error: unknown): unknown {
  return error instanceof SuppressedError ? firstOf(error.suppressed) : error;
}

async function showBug(error: unknown, io: Io, argv: readonly string[]): Promise<number> {
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const file = join(await mkdtemp(join(tmpdir(), 'lab-trace-')), 'trace.txt');
  await writeFile(file, `lab ${argv.join(' ')}\nnode ${process.version}\n${trace}\n`, {
    mode: 0o600,
  });
  const message = error instanceof Error ? error.message : String(error);
  const hint = `this is a bug of Labkit; the full trace is in ${file}`;
  io.stderr.write(renderProblemLines(tellLines('error', `unexpected: ${message}`, hint)));
  return exitCodes.bug;
}

function isCancelledPrompt(error: unknown): boolean {
  return error instanceof Error && error.name === 'ExitPromptError';
}
