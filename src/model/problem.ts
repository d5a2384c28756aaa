/** A place in a file a person can open: line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing wrong in something a person wrote: where, what, and what to write instead. `rule` is a stable kebab-case name; `path` is the dotted way to the value, or ''. */
export interface Problem extends Position {
  readonly severity: 'error' | 'warning';
  readonly rule: string;
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}

/** What of a problem stays the same when lines above it come or go: no places, also not those its message names. */
export function nameProblem({ rule, message }: Problem): string {
  return `${rule} ${message.replaceAll(/:\d+:\d+\)/g, ')')}`;
}

/** Orders problems the way a person works through them: by file, then line, then column. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return [...problems].sort(
    (a, b) =>
      compareText(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      compareText(a.rule, b.rule),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
