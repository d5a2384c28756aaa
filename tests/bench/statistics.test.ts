import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldSamples, judgeGoal, median, ratio, ratioGoal } from '../../bench/statistics.ts';
import type { Goal, Medians, Sample } from '../../bench/types.ts';

const sample = (wallSeconds: number, cpuSeconds: number, extra = {}): Sample => ({
  wallSeconds,
  cpuSeconds,
  peakMiB: 50,
  exitCode: 0,
  extra,
});
const medians = (wallSeconds: number, cpuSeconds = 1): Medians => ({
  wallSeconds,
  cpuSeconds,
  peakMiB: 50,
  extra: {},
});

describe('the median', () => {
  test('is the middle of an odd number of values, whatever their order', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 9, 2])).toBe(9);
  });
  test('is the mean of the two in the middle of an even number', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });
  test('of no values is an error, not a number', () => {
    expect(() => median([])).toThrow(RangeError);
  });
  test('has as many values above as below, and leaves the list alone', () => {
    const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(values, (list) => {
        const before = [...list];
        const middle = median(list);
        expect(list).toEqual(before);
        const below = list.filter((value) => value < middle).length;
        const above = list.filter((value) => value > middle).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(list.length / 2);
      }),
    );
  });
});

describe('samples', () => {
  test('are folded figure by figure, so that one slow round does not decide', () => {
    const folded = foldSamples([sample(1, 0.3), sample(30, 0.1), sample(2, 0.2)]);
    expect(folded).toEqual({ wallSeconds: 2, cpuSeconds: 0.2, peakMiB: 50, extra: {} });
  });
  test('fold what was read from the output as well', () => {
    const folded = foldSamples([sample(1, 1, { misnamed: 0 }), sample(1, 1, { misnamed: 2 })]);
    expect(folded.extra).toEqual({ misnamed: 1 });
  });
});

describe('a goal', () => {
  const goal = ratioGoal('wall', 'wallSeconds', ['ours', 'theirs'], 0.4);
  const judge = (ours: number, theirs: number) =>
    judgeGoal(
      goal,
      new Map([
        ['ours', medians(ours)],
        ['theirs', medians(theirs)],
      ]),
    );

  test('is met at its limit and below', () => {
    expect(judge(4, 10)).toMatchObject({ verdict: 'met', reached: 0.4, atMost: 0.4, unit: 'x' });
    expect(judge(1, 10).verdict).toBe('met');
  });
  test('is not met above its limit, however little: nothing is rounded', () => {
    expect(judge(4.0001, 10).verdict).toBe('not met');
  });
  test('is not measured when the other side is missing: that is never "met"', () => {
    const alone = new Map([['ours', medians(0.001)]]);
    expect(judgeGoal(goal, alone)).toMatchObject({ verdict: 'not measured', reached: undefined });
  });
  test('is not measured when the other side took no time at all', () => {
    expect(judge(1, 0).verdict).toBe('not measured');
    expect(ratio(0, 0)).toBeUndefined();
  });
  test('in seconds, of nothing but our own figure, is judged without a peer', () => {
    const plain: Goal = {
      what: 'wall',
      reached: (of) => of('ours')?.wallSeconds,
      atMost: 3,
      unit: 's',
    };
    expect(judgeGoal(plain, new Map([['ours', medians(3.1)]])).verdict).toBe('not met');
    expect(judgeGoal(plain, new Map([['ours', medians(2.9)]])).verdict).toBe('met');
  });
});
