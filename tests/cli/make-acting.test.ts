import { expect, test } from 'vitest';
import type { Context } from '../../src/cli/context.ts';
import { makeAsking } from '../../src/cli/make-acting.ts';

const asking = (flags: object) => makeAsking({ flags } as Context, []);

test('a host that is only asked has a deadline also when nobody names one: it may flood or hang for ever', () => {
  expect(asking({})).toMatchObject({ forks: 64, deadlineMs: 120_000 });
  expect(asking({ deadline: '7', forks: '1' })).toMatchObject({ forks: 1, deadlineMs: 7_000 });
});
