import { type ChecksWanted, planChecks } from '../../src/engine/plan-checks.ts';
import { runPlan } from '../../src/engine/run-plan.ts';
import { type AnyCheck, type Check, defineCheck } from '../../src/model/check.ts';
import type { Connect } from '../../src/model/connection.ts';
import type { RunEventBody, StepFinished } from '../../src/model/event.ts';
import type { Host } from '../../src/model/host.ts';
import type { Problem } from '../../src/model/problem.ts';
import { makeVars } from '../../src/model/value.ts';

/** What a run of checks left: the last result of each check by `HOST CHECK`, and all events. */
export interface ChecksRun {
  readonly results: ReadonlyMap<string, StepFinished>;
  readonly events: readonly RunEventBody[];
  readonly problems: readonly Problem[];
  readonly bugs: readonly unknown[];
}

/** Runs all given checks on all given hosts with the real engine. */
export async function runChecks(
  hosts: readonly Host[],
  checks: readonly AnyCheck[],
  connect: Connect,
  more: Partial<ChecksWanted> = {},
): Promise<ChecksRun> {
  const { plan, problems } = planChecks({
    hosts,
    suite: {
      name: 'all',
      title: 'All',
      checks: checks.map(({ name }) => ({ name, settings: makeVars() })),
    },
    checks,
    forks: 64,
    marker: 'mark0123456789',
    now: () => Date.now(),
    ...more,
  });
  const events: RunEventBody[] = [];
  const { signal } = new AbortController();
  const { bugs } = await runPlan(plan, {
    connect,
    emit: (event) => events.push(event),
    now: () => performance.now(),
    signal,
    stop: signal,
    graceMs: 50,
  });
  const finished = events.filter((event) => event.type === 'step.finished');
  const results = new Map(finished.map((event) => [`${event.host} ${event.step}`, event]));
  return { results, events, problems, bugs };
}

/** A check that passes and tells what its probe said: `stdout|stderr|exit code`. */
export function tellingCheck(
  name: string,
  script: string,
  more: Partial<Check<object>> = {},
): AnyCheck {
  return defineCheck<object>({
    name,
    summary: 'Tells what its probe said.',
    options: {},
    probe: { linux: () => ({ shell: 'sh', script, shown: script }) },
    judge: ({ stdout, stderr, exitCode }) => ({
      verdict: 'pass',
      found: `${stdout}|${stderr}|${exitCode}`,
      key: stdout,
    }),
    ...more,
  });
}
