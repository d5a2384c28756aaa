import type { Change, Differences } from './diff-bindings.ts';

/** A line of a text. */
export interface TextLine {
  readonly text: string;
}

/** Beyond so many differences nobody reads how the texts could be turned into one another, and finding out takes long. */
const mostSteps = 1000;

/** Compares two texts line by line: a shortest way from one to the other (E. Myers, An O(ND) Difference Algorithm, 1986). */
export function diffLines(live: string, wanted: string): Differences<TextLine> {
  const before = linesOf(live);
  const after = linesOf(wanted);
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const least = Math.min(before.length, after.length) - head;
  while (tail < least && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const middle = before.slice(head, before.length - tail);
  const steps = walk(middle, after.slice(head, after.length - tail));
  const changes = steps.map(
    (step): Change<TextLine> => ({
      change: step.added ? 'added' : 'removed',
      line: step.added ? 0 : head + step.at + 1,
      before: step.added ? null : { text: step.text },
      after: step.added ? { text: step.text } : null,
    }),
  );
  const removed = steps.filter(({ added }) => !added).length;
  return { changes, unchanged: before.length - removed };
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

interface Step {
  readonly added: boolean;
  /** Index in the live lines. */
  readonly at: number;
  readonly text: string;
}

function walk(before: readonly string[], after: readonly string[]): Step[] {
  const trace = findTrace(before, after);
  if (trace === undefined)
    return [
      ...before.map((text, at) => ({ added: false, at, text })),
      ...after.map((text) => ({ added: true, at: before.length, text })),
    ];
  const steps: Step[] = [];
  let x = before.length;
  let y = after.length;
  for (let depth = trace.length - 1; depth > 0; depth -= 1) {
    const reached = trace[depth - 1] ?? new Map();
    const diagonal = x - y;
    const down = goesDown(reached, diagonal, depth);
    const from = down ? diagonal + 1 : diagonal - 1;
    const fromX = reached.get(from) ?? 0;
    const fromY = fromX - from;
    steps.push(
      down
        ? { added: true, at: fromX, text: after[fromY] ?? '' }
        : { added: false, at: fromX, text: before[fromX] ?? '' },
    );
    x = fromX;
    y = fromY;
  }
  return steps.reverse();
}

/** For each number of steps, how far each diagonal came; undefined when it takes too many. */
function findTrace(
  before: readonly string[],
  after: readonly string[],
): Map<number, number>[] | undefined {
  const trace: Map<number, number>[] = [];
  for (let depth = 0; depth <= mostSteps; depth += 1) {
    const last = trace.at(-1) ?? new Map<number, number>();
    const reached = new Map<number, number>();
    trace.push(reached);
    for (let diagonal = -depth; diagonal <= depth; diagonal += 2) {
      let x = depth === 0 ? 0 : startOf(last, diagonal, depth);
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal])
        x += 1;
      reached.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return trace;
    }
  }
  return undefined;
}

function startOf(last: ReadonlyMap<number, number>, diagonal: number, depth: number): number {
  return goesDown(last, diagonal, depth)
    ? (last.get(diagonal + 1) ?? 0)
    : (last.get(diagonal - 1) ?? 0) + 1;
}

function goesDown(last: ReadonlyMap<number, number>, diagonal: number, depth: number): boolean {
  if (diagonal === -depth) return true;
  return diagonal !== depth && (last.get(diagonal - 1) ?? -1) < (last.get(diagonal + 1) ?? -1);
}
