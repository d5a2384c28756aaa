import type { Problem } from './problem.ts';

/** The exit code of each kind of error, as DESIGN and docs/cli.md promise it to scripts. */
export const exitCodes = {
  bug: 1,
  failed: 2,
  input: 3,
  unreachable: 4,
  usage: 5,
  refused: 6,
  environment: 7,
  changes: 8,
  cancelled: 130,
} as const;

/** What sort of trouble it is; decides the exit code. */
export type ErrorKind = keyof typeof exitCodes;

/** Whatever a person can act on: what went wrong and what to do about it; any other throw is a bug of ours. */
export class LabError extends Error {
  readonly kind: ErrorKind;
  readonly hint: string;
  readonly problems: readonly Problem[];

  constructor(
    kind: ErrorKind,
    message: string,
    hint = '',
    more: { problems?: readonly Problem[]; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'LabError';
    this.kind = kind;
    this.hint = hint;
    this.problems = more.problems ?? [];
  }
}
