import { type ErrorKind, LabError } from '../../model/lab-error.ts';
import type { Problem } from '../../model/problem.ts';

/** One thing that stands in the way, and what to do about it. */
export interface Trouble {
  readonly message: string;
  readonly hint: string;
}

/** All of it as one error, each with its own hint; `what` is what did not happen, such as `nothing is served`. Throws nothing where there is no trouble. */
export function requireNone(kind: ErrorKind, troubles: readonly Trouble[], what: string): void {
  if (troubles.length === 0) return;
  const problems = troubles.map(
    ({ message, hint }): Problem => ({
      ...{ severity: 'error', rule: 'netboot', file: '', line: 0, column: 0, path: '' },
      ...{ message, hint },
    }),
  );
  const many = problems.length === 1 ? 'one thing is' : `${problems.length} things are`;
  throw new LabError(kind, `${many} in the way; ${what}`, '', { problems });
}

/** One line of it: `MESSAGE: HINT`. */
export function lineOf({ message, hint }: Trouble): string {
  return hint === '' ? message : `${message}: ${hint}`;
}
