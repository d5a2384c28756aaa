import { padWidth, printable } from '../model/display.ts';
import type { Problem } from '../model/problem.ts';

/** A line about something wrong. */
export interface ProblemLine {
  readonly kind: 'error' | 'warning' | 'hint';
  readonly text: string;
}

/** A problem as compilers tell it: place, path and message in one line however long, so that editors and people find the place; then what to write instead. */
export function tellProblem(problem: Problem): ProblemLine[] {
  const { severity, file, line, column, path, message, hint } = problem;
  const what = path === '' ? message : `${path}: ${withoutName(message, path)}`;
  // What is wrong with this machine stands in no file.
  const place = file === '' ? '' : `${file}:${line}:${column}  `;
  return tellLines(severity, `${place}${what}`, hint);
}

/** A path that leads through the host has said its name already. */
function withoutName(message: string, path: string): string {
  const [name = ''] = message.split(': ', 1);
  // Ranges are `pc[01:24]` in a file and `pc[01-24]` in a message.
  const isSaid = `${path.replaceAll(':', '-')}.`.includes(`.${name}.`);
  return isSaid && name !== '' ? message.slice(name.length + 2) : message;
}

/** Something wrong and its hint; '' is no hint. */
export function tellLines(kind: Problem['severity'], text: string, hint: string): ProblemLine[] {
  const lines: ProblemLine[] = [
    { kind, text },
    ...(hint === '' ? [] : [{ kind: 'hint' as const, text: hint }]),
  ];
  return lines.map(({ kind, text }) => ({ kind, text: text.replaceAll('\n', ' ') }));
}

/** Lines about something wrong for a terminal, their kinds flush right as in the table of problems. */
export function renderProblemLines(lines: readonly ProblemLine[]): string {
  const width = Math.max(0, ...lines.map(({ kind }) => kind.length));
  return lines
    .map(({ kind, text }) => `${padWidth(kind, width, 'right')}  ${printable(text)}\n`)
    .join('');
}
