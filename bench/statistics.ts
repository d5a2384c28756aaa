import type { Goal, Medians, Sample } from './types.ts';

/** The middle of the values, or the mean of the two in the middle; throws for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  if (low === undefined || high === undefined) throw new RangeError('no values');
  return (low + high) / 2;
}

/** Medians of each figure on its own. */
export function foldSamples(samples: readonly Sample[]): Medians {
  const keys = new Set(samples.flatMap(({ extra }) => Object.keys(extra)));
  const found = (key: string) =>
    samples.flatMap(({ extra }) => (extra[key] === undefined ? [] : [extra[key]]));
  return {
    wallSeconds: median(samples.map(({ wallSeconds }) => wallSeconds)),
    cpuSeconds: median(samples.map(({ cpuSeconds }) => cpuSeconds)),
    peakMiB: median(samples.map(({ peakMiB }) => peakMiB)),
    extra: Object.fromEntries([...keys].map((key) => [key, median(found(key))])),
  };
}

/** How many times `base` the value is; undefined when either is missing or the base is zero. */
export function ratio(value: number | undefined, base: number | undefined): number | undefined {
  return value === undefined || base === undefined || base === 0 ? undefined : value / base;
}

/** A goal that compares one figure of two contenders. */
export function ratioGoal(
  what: string,
  figure: 'wallSeconds' | 'cpuSeconds' | 'peakMiB',
  [ours, theirs]: readonly [ours: string, theirs: string],
  atMost: number,
): Goal {
  return {
    what,
    reached: (of) => ratio(of(ours)?.[figure], of(theirs)?.[figure]),
    atMost,
    unit: 'x',
  };
}

/** What became of a goal. */
export interface Verdict {
  readonly what: string;
  readonly verdict: 'met' | 'not met' | 'not measured';
  readonly reached: number | undefined;
  readonly atMost: number;
  readonly unit: Goal['unit'];
}

/** Judges a goal by what was measured, without rounding. */
export function judgeGoal(goal: Goal, medians: ReadonlyMap<string, Medians>): Verdict {
  const reached = goal.reached((contender) => medians.get(contender));
  const { what, atMost, unit } = goal;
  if (reached === undefined || Number.isNaN(reached))
    return { what, verdict: 'not measured', reached: undefined, atMost, unit };
  return { what, verdict: reached <= atMost ? 'met' : 'not met', reached, atMost, unit };
}
