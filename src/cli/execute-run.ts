import { randomInt } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { describeRun } from '../engine/describe-run.ts';
import { type RunTotals, runPlan } from '../engine/run-plan.ts';
import type { RunEvent, RunEventBody, RunStarted } from '../model/event.ts';
import type { Plan } from '../model/plan.ts';
import type { Report } from '../model/report.ts';
import { isMapping, type Value } from '../model/value.ts';
import { exitCodeOf } from '../report/exit-code.ts';
import { renderRunId } from '../store/run-id.ts';
import type { Store } from '../store/store.ts';
import type { Context } from './context.ts';
import { loadFold } from './fold-report.ts';
import { openInterrupts } from './interrupts.ts';
import { openConnect } from './open-connect.ts';
import { openEventLog } from './open-event-log.ts';
import { openRunProgress } from './open-run-progress.ts';
import { openProjectStore } from './open-store.ts';
import { displayOf, loadFormat, requireReportFolder, showReport } from './show-report.ts';

/** A run's name and author, known before its plan is made. */
export interface RunIdentity {
  readonly run: string;
  /** ISO 8601. */
  readonly since: string;
  /** Such as `zhang@office-7`. */
  readonly who: string;
}

/** Names a new run. */
export function makeRunIdentity({ io }: Context): RunIdentity {
  const at = new Date(io.now());
  const person = io.env['SUDO_USER'] ?? userInfo().username;
  return {
    run: renderRunId(at, randomInt(2 ** 30) / 2 ** 30),
    since: at.toISOString(),
    who: `${person}@${hostname()}`,
  };
}

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
  await loadFormat(context, displayOf(context).output);
  await requireReportFolder(context);
  const fold = await loadFold(kind);
  const connect = await openConnect(context);
  const store = await openProjectStore(context);
  const progress = openRunProgress(context);
  const takers = [store.append, openEventLog(context), progress.take];
  const { events, emit } = openEvents(context, identity, takers);
  using interrupts = openInterrupts(context.io, progress.say);
  try {
    emit(describeRun(plan, kind, { ...contextOf(context, plan, report), who: identity.who }));
    const show = async (): Promise<Report> => {
      progress.close();
      const folded = fold(events, context.settings.lang);
      await showReport(context, folded);
      return folded;
    };
    const totals = await runPlan(plan, {
      connect,
      emit,
      now: () => performance.now(),
      signal: interrupts.signal,
      stop: interrupts.stop,
      lock: (host) => store.takeLock(host.name, identity),
    }).catch(async (error: unknown) => {
      // What was found must not be lost with a state folder that took no more.
      await show();
      throw error;
    });
    store.flush();
    const folded = await show();
    for (const bug of totals.bugs) throw bug;
    const { outcome, hosts } = totals;
    return { exitCode: exitCodeOf({ totals: countsOf(folded), outcome, hosts }), totals, store };
  } finally {
    progress.close();
  }
}

/** Stamps what happens and gives it to everyone who listens, in their order; all of it stays in `events`, also what a listener threw at. */
function openEvents(
  { io }: Context,
  { run }: RunIdentity,
  takers: readonly ((event: RunEvent) => void)[],
): { readonly events: readonly RunEvent[]; emit(body: RunEventBody): void } {
  const events: RunEvent[] = [];
  return {
    events,
    emit(body) {
      const at = new Date(io.now()).toISOString();
      const event = { ...body, run, seq: events.length + 1, at };
      events.push(event);
      for (const take of takers) take(event);
    },
  };
}

function contextOf(
  context: Context,
  plan: Plan,
  report: Execution['report'],
): RunStarted['context'] {
  const display = displayOf(context);
  return { ...report, lang: display.lang, rooms: roomsOf(plan), display: { ...display } };
}

/** What the exit code is made of: outcomes of hosts, or verdicts of checks. */
function countsOf({ document }: Report): { readonly [word: string]: number } {
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
