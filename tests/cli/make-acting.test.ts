import { expect, test } from 'vitest';
import type { Context } from '../../src/cli/context.ts';
import { makeActing, makeAsking } from '../../src/cli/make-acting.ts';

const asking = (flags: object) => makeAsking({ flags } as Context, []);

test('a host that is only asked has a deadline also when nobody names one: it may flood or hang for ever', () => {
  expect(asking({})).toMatchObject({ forks: 64, deadlineMs: 120_000 });
  expect(asking({ deadline: '7', forks: '1' })).toMatchObject({ forks: 1, deadlineMs: 7_000 });
});

test('work on a host ends after an hour when nobody names a deadline', () => {
  const identity = { run: 'r', since: '2026-11-23T08:00:00Z', who: 'li@office' };
  const acting = (flags: object) => makeActing({ flags } as Context, identity, []);
  expect(acting({})).toMatchObject({ deadlineMs: 3_600_000 });
  expect(acting({ deadline: '7200' })).toMatchObject({ deadlineMs: 7_200_000 });
});
