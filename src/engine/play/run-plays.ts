import type { Emit, PlayStats } from '../../model/event.ts';
import { LabError } from '../../model/lab-error.ts';
import type { LoadedPlaybook, Play } from '../../model/playbook.ts';
import { holdLocks } from './hold-locks.ts';
import { statsOf, type WholeRun } from './play-run.ts';
import type { PlayRim, PlayTotals, RunState } from './rim.ts';
import { runPlay } from './run-play.ts';
import { targetPlays } from './target-plays.ts';
import { makeWorkers } from './workers.ts';

export type { GateVerdict, PlayRim, PlayTotals, RunState, Waves } from './rim.ts';

/**
 * Runs a playbook on its hosts. One host's trouble is a result and never holds up the others. `run.started` is the caller's to emit;
 * `run.finished` is emitted here. Throws LabError 'input' when the playbook has errors and 'usage' when a play means no host, both before
 * any host is touched; and what `emit` threw (a full disk), after everything begun has come to its end.
 */
export async function runPlays(
  loaded: LoadedPlaybook,
  state: RunState,
  rim: PlayRim,
): Promise<PlayTotals> {
  const errors = loaded.problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    throw new LabError('input', 'the playbook has errors', '', { problems: errors });
  const guard = guardEmit(rim);
  const run = openRun(loaded, state, { ...rim, emit: guard.emit, stop: guard.stop });
  const bugs: unknown[] = [];
  const targets = targetPlays(run, loaded.playbook);
  const locks = holdLocks(run);
  let stopped: string | undefined;
  let thrown: { readonly error: unknown } | undefined;
  try {
    for (const play of loaded.playbook.plays) {
      if (run.rim.stop.aborted || rim.signal.aborted || stopped !== undefined) break;
      const end = await runPlay(run, {
        play,
        targets,
        lock: locks.take,
      });
      bugs.push(...end.bugs);
      stopped = end.stopped;
    }
  } catch (error) {
    // a file of variables that is missing in a later play: what was done until then is reported all the same
    thrown = { error };
  } finally {
    await run.workers.closeAll();
    await locks.release();
  }
  const totals = totalsOf(run, { stopped, bugs });
  guard.emit({ type: 'run.finished', outcome: totals.outcome, totals: totals.totals });
  guard.throwFirst();
  if (thrown) throw thrown.error;
  return totals;
}

function openRun(loaded: LoadedPlaybook, state: RunState, rim: PlayRim): WholeRun {
  return {
    rim,
    state,
    workers: makeWorkers((host) => rim.openWorker(host)),
    loadInclude: loaded.loadInclude,
    counts: new Map(),
    failed: new Set(),
    lost: new Set(),
    refused: new Set(),
    sources: new Map(),
    found: new Map(),
    factNames: factNamesOf(loaded.playbook.plays),
    progress: {
      isBeforeStart: rim.startAtTask !== undefined,
      asksSteps: rim.chooseStep !== undefined,
    },
    announced: new Map(),
  };
}

// facts that one play gathers are there for the plays after it
function factNamesOf(plays: readonly Play[]): ReadonlySet<string> | 'all' {
  const names = new Set<string>();
  for (const { factNames } of plays) {
    if (factNames === 'all') return 'all';
    for (const name of factNames) names.add(name);
  }
  return names;
}

/** Keeps the first error of `emit` and lets nothing new begin after it. */
function guardEmit(rim: PlayRim): { emit: Emit; stop: AbortSignal; throwFirst(): void } {
  let first: { readonly error: unknown } | undefined;
  const full = new AbortController();
  return {
    stop: AbortSignal.any([rim.stop, full.signal]),
    emit(event) {
      try {
        rim.emit(event);
      } catch (error) {
        first ??= { error };
        full.abort();
      }
    },
    throwFirst() {
      if (first) throw first.error;
    },
  };
}

interface RunEnd {
  readonly stopped: string | undefined;
  readonly bugs: readonly unknown[];
}

function totalsOf(run: WholeRun, { stopped, bugs }: RunEnd): PlayTotals {
  const totals: Record<string, number> = {};
  for (const [name, counts] of run.counts) {
    const outcome = worstOf(run, name, counts);
    totals[outcome] = (totals[outcome] ?? 0) + 1;
  }
  const isCancelled = run.rim.stop.aborted || run.rim.signal.aborted;
  return {
    outcome: isCancelled ? 'cancelled' : 'finished',
    totals,
    stats: statsOf(run.counts),
    exitCode: exitCodeOf(run, stopped),
    refused: [...run.refused].filter((name) => run.failed.has(name)),
    ...(stopped !== undefined && { stopped }),
    bugs,
  };
}

function worstOf(run: WholeRun, name: string, { changed, failures }: PlayStats): string {
  if (run.lost.has(name)) return 'unreachable';
  // who was held back because of others has not failed itself
  if (run.failed.has(name)) return failures > 0 ? 'failed' : 'cancelled';
  return changed > 0 ? 'changed' : 'ok';
}

function exitCodeOf(run: WholeRun, stopped: string | undefined): number {
  if (run.lost.size > 0) return 4;
  return run.failed.size > 0 || stopped !== undefined ? 2 : 0;
}
