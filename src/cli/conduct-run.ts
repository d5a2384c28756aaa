import type { Connect } from '../model/connection.ts';
import type { Emit, RunEvent, RunEventBody } from '../model/event.ts';
import { foldNames } from '../model/host-names.ts';
import type { Report } from '../model/report.ts';
import { isMapping, type Value } from '../model/value.ts';
import type { Store } from '../store/store.ts';
import type { Context } from './context.ts';
import { loadFold } from './fold-report.ts';
import { openInterrupts } from './interrupts.ts';
import { openConnect } from './open-connect.ts';
import { openEventLog } from './open-event-log.ts';
import { openRunProgress } from './open-run-progress.ts';
import { openProjectStore } from './open-store.ts';
import type { RunIdentity } from './run-identity.ts';
import { displayOf, loadFormat, requireReportFolder, showReport } from './show-report.ts';

/** What a run is conducted with. */
export interface Stage {
  readonly connect: Connect;
  /** Passwords that were given for all hosts; those of the inventory are not among them. */
  readonly passwords: readonly string[];
  readonly emit: Emit;
  readonly store: Store;
  /** The display and language its report is printed with: part of the context of `run.started`. */
  readonly display: { readonly [key: string]: Value };
  /** Aborted by the second Ctrl-C, `stop` by the first. */
  readonly signal: AbortSignal;
  readonly stop: AbortSignal;
  /** Says something that stays in sight. */
  say(text: string): void;
}

/** Conducts a run: keeps its events, shows progress and then the report, whatever the work comes to. Every run ends here. */
export async function conductRun<T extends { readonly bugs: readonly unknown[] }>(
  context: Context,
  { identity, kind }: { readonly identity: RunIdentity; readonly kind: string },
  work: (stage: Stage) => Promise<T>,
): Promise<{ ended: T; report: Report; store: Store }> {
  await loadFormat(context, displayOf(context).output);
  await requireReportFolder(context);
  const fold = await loadFold(kind);
  const { connect, passwords } = await openConnect(context);
  const store = await openProjectStore(context);
  const progress = openRunProgress(context);
  const takers = [store.append, openEventLog(context), progress.take];
  const { events, emit } = openEvents(context, identity, takers);
  using interrupts = openInterrupts(context.io, progress.say);
  const { signal, stop } = interrupts;
  const { lang, ...sizes } = displayOf(context);
  const display = { lang, display: { ...sizes, lang } };
  const show = async (): Promise<Report> => {
    progress.close();
    const report = fold(events, context.settings.lang);
    await showReport(context, report);
    return report;
  };
  try {
    store.saveInvocation(identity.run, context.invocation);
    const ended = await work({
      connect,
      passwords,
      emit,
      store,
      display,
      signal,
      stop,
      say: progress.say,
    }).catch(async (error: unknown) => {
      // What was found must not be lost with a state folder that took no more.
      if (events.length > 0) await show();
      throw error;
    });
    store.flush();
    const report = await show();
    if (acting.has(kind) && !changesNothing(events)) noteOperation(store, events, report, identity);
    for (const bug of ended.bugs) throw bug;
    return { ended, report, store };
  } finally {
    progress.close();
  }
}

/** Kinds of runs that alter hosts: each adds a row to the operation table. */
const acting = new Set(['run', 'copy', 'play', 'reinstall']);

function changesNothing([started]: readonly RunEvent[]): boolean {
  return started?.type !== 'run.started' || started.context['check'] === true;
}

function noteOperation(
  store: Store,
  [started]: readonly RunEvent[],
  { document }: Report,
  { run, since, who }: RunIdentity,
): void {
  if (started?.type !== 'run.started') return;
  const { totals } = document;
  const counts = Object.entries(isMapping(totals) ? totals : {});
  store.appendLogbook({
    ...{ book: 'operation', at: since, who, run, text: started.title },
    hosts: foldNames(started.hosts.map(({ host }) => host)),
    result: counts.map(([outcome, count]) => `${String(count)} ${outcome}`).join(', '),
  });
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
