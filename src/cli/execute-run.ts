import { describeRun } from '../engine/describe-run.ts';
import { type RunTotals, runPlan } from '../engine/run-plan.ts';
import type { Plan } from '../model/plan.ts';
import type { Report } from '../model/report.ts';
import { isMapping, type Value } from '../model/value.ts';
import { exitCodeOf } from '../report/exit-code.ts';
import type { Store } from '../store/store.ts';
import { conductRun } from './conduct-run.ts';
import type { Context } from './context.ts';
import type { RunIdentity } from './run-identity.ts';

/** What `executeRun` is told beside the plan. */
export interface Execution {
  readonly identity: RunIdentity;
  readonly plan: Plan;
  /** Which report folds it: run, copy, fetch, facts, check. */
  readonly kind: string;
  /** What the report needs beyond the events. */
  readonly report?: { readonly [key: string]: Value };
}

/** Runs a plan: keeps its events, shows progress and then the report; answers the exit code and what the run found. */
export async function executeRun(
  context: Context,
  { identity, plan, kind, report = {} }: Execution,
): Promise<{ exitCode: number; totals: RunTotals; store: Store }> {
  const run = await conductRun(context, { identity, kind }, async (stage) => {
    const { emit, store, display } = stage;
    const rooms = roomsOf(plan);
    emit(describeRun(plan, kind, { ...report, ...display, rooms, who: identity.who }));
    return runPlan(plan, {
      ...stage,
      now: () => performance.now(),
      lock: (host) => store.takeLock(host.name, identity),
    });
  });
  const { outcome, hosts } = run.ended;
  const exitCode = exitCodeOf({ totals: countsOf(run.report), outcome, hosts });
  return { exitCode, totals: run.ended, store: run.store };
}

/** What the exit code is made of: outcomes of hosts, or verdicts of checks. */
export function countsOf({ document }: Report): { readonly [word: string]: number } {
  const { totals } = document;
  return Object.fromEntries(
    Object.entries(isMapping(totals) ? totals : {}).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number',
    ),
  );
}

function roomsOf(plan: Plan): Value {
  const rooms = new Map(
    plan.hosts.flatMap(({ room }) => (room === undefined ? [] : [[room.name, room.title]])),
  );
  return [...rooms].map(([name, title]) => ({ name, title }));
}
