import type { Connect } from '../model/connection.ts';
import type { Emit } from '../model/event.ts';
import type { Host } from '../model/host.ts';
import type { Outcome, Plan, StepResult } from '../model/plan.ts';
import { makeVars, type Vars } from '../model/value.ts';
import { type HostResult, runHost, type StepResults } from './run-host.ts';
import { foldOutcomes, renderStepFinished } from './step-result.ts';
import { splitWaves, stopsNextWave } from './waves.ts';

/** What a run is given from outside. */
export interface Rim {
  readonly connect: Connect;
  /** May throw (a full disk): then nothing more is started, what runs comes to its end, and `runPlan` throws the same. */
  readonly emit: Emit;
  /** Milliseconds of a clock that never goes back; only differences are used. */
  now(): number;
  /** Aborted by the second Ctrl-C: ends the work that is running. */
  readonly signal: AbortSignal;
  /** Aborted by the first Ctrl-C: no further host is started, begun hosts are finished. */
  readonly stop: AbortSignal;
  /** Takes a host's lock; used for plans that act. Throws LabError 'refused' when another run has it. */
  readonly lock?: (host: Host) => Promise<AsyncDisposable>;
  /** How long work may take to notice that it was ended; default 2000. */
  readonly graceMs?: number;
}

/** What a run came to; `run.finished` carries the same totals. */
export interface RunTotals {
  readonly outcome: 'finished' | 'cancelled';
  /** Hosts by outcome. */
  readonly totals: { readonly [outcome: string]: number };
  readonly hosts: ReadonlyMap<string, HostResult>;
  /** Facts that steps found, by host; later steps win. */
  readonly facts: ReadonlyMap<string, Vars>;
  /** What was thrown that nobody foresaw: bugs of ours, exit code 1. */
  readonly bugs: readonly unknown[];
}

/** Runs a plan: up to `forks` hosts at once, waves one after the other, each host's steps in order. One host's trouble is a result and never holds up the others; `run.started` is the caller's to emit (see `describeRun`), `run.finished` is emitted here. */
export async function runPlan(plan: Plan, rim: Rim): Promise<RunTotals> {
  const run = openRun(plan, rim);
  const hosts = [...new Map(plan.hosts.map((host) => [host.name, host])).values()];
  let barred: string | undefined;
  for (const wave of splitWaves(hosts, plan.waves)) {
    const why = barred;
    if (why) for (const host of wave) run.skip(host, 'skipped', why);
    else await runWave(wave, plan.forks, run.host);
    barred ??= stopsNextWave(run.results, plan.waves);
  }
  run.conclude();
  const totals = run.totals();
  run.emit({ type: 'run.finished', outcome: totals.outcome, totals: totals.totals });
  run.throwEmitError();
  return totals;
}

async function runWave(
  hosts: readonly Host[],
  forks: number,
  work: (host: Host) => Promise<void>,
): Promise<void> {
  const queue = hosts.values();
  const worker = async (): Promise<void> => {
    for (const host of queue) await work(host);
  };
  const workers = Math.max(1, Math.min(Math.floor(forks) || 1, hosts.length));
  await Promise.all(Array.from({ length: workers }, worker));
}

/** The state of one run. */
function openRun(plan: Plan, rim: Rim) {
  const results = new Map<string, HostResult>();
  const facts = new Map<string, Vars>();
  const steps = new Map<string, StepResults>();
  const bugs: unknown[] = [];
  let emitError: { readonly error: unknown } | undefined;

  const emit: Emit = (event) => {
    try {
      rim.emit(event);
    } catch (error) {
      emitError ??= { error };
    }
  };
  const onBug = (error: unknown): void => {
    bugs.push(error);
  };
  const skip = (host: Host, outcome: Outcome, message: string): void => {
    results.set(host.name, { outcome, durationMs: 0, reached: false, refused: false, message });
    emit({ type: 'host.finished', host: host.name, outcome, durationMs: 0, message });
  };
  const keep = (host: Host) => (found: StepResults) => {
    const own = factsOf(found);
    if (own) facts.set(host.name, own);
    if (plan.conclude) steps.set(host.name, found);
  };
  return {
    results,
    emit,
    skip,
    async host(host: Host): Promise<void> {
      const stopped = rim.stop.aborted || rim.signal.aborted || emitError !== undefined;
      if (stopped) return skip(host, 'cancelled', 'not started: the run was stopped');
      const { graceMs = 2_000 } = rim;
      const own = { ...rim, graceMs, emit, onBug, onResults: keep(host) };
      results.set(host.name, await runHost(plan, host, own));
    },
    conclude() {
      try {
        concludeRun(plan, steps, results, emit);
      } catch (error) {
        onBug(error);
      }
    },
    totals: (): RunTotals => ({ ...countOutcomes(results), hosts: results, facts, bugs }),
    throwEmitError() {
      if (emitError) throw emitError.error;
    },
  };
}

function concludeRun(
  plan: Plan,
  steps: ReadonlyMap<string, StepResults>,
  hosts: Map<string, HostResult>,
  emit: Emit,
): void {
  if (!plan.conclude) return;
  const plain = new Map<string, ReadonlyMap<string, StepResult>>();
  for (const [host, found] of steps) {
    plain.set(host, new Map([...found].map(([step, { result }]) => [step, result])));
  }
  for (const { host, step, result } of plan.conclude(plain)) {
    const known = hosts.get(host);
    if (known)
      hosts.set(host, { ...known, outcome: foldOutcomes([known.outcome, result.outcome]) });
    const durationMs = steps.get(host)?.get(step)?.durationMs ?? 0;
    emit({ ...renderStepFinished({ host, step, durationMs }, result), revised: true });
  }
}

function factsOf(results: StepResults): Vars | undefined {
  const found = [...results.values()].flatMap(({ result }) => (result.facts ? [result.facts] : []));
  return found.length === 0 ? undefined : makeVars(found.flatMap((vars) => Object.entries(vars)));
}

function countOutcomes(
  results: ReadonlyMap<string, HostResult>,
): Pick<RunTotals, 'outcome' | 'totals'> {
  const totals: Record<string, number> = {};
  for (const { outcome } of results.values()) totals[outcome] = (totals[outcome] ?? 0) + 1;
  return { outcome: totals['cancelled'] ? 'cancelled' : 'finished', totals };
}
