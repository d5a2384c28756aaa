import { Unreachable } from '../../model/connection.ts';
import { LabError } from '../../model/lab-error.ts';
import type { ModuleResult, PlayEffects } from '../../model/module.ts';
import type { Condition, PlayVars } from '../../model/play-value.ts';
import type { Task } from '../../model/playbook.ts';
import { TemplateError } from '../../model/template-error.ts';
import { makeVars, type Value } from '../../model/value.ts';
import type { Course } from './course.ts';
import { decide } from './decide.ts';
import type { JournalKey, JournalResult } from './journal.ts';
import type { PlayRun } from './play-run.ts';
import {
  type Fields,
  type ItemWish,
  loadSources,
  prepareItem,
  type ReadyItem,
  scopeOf,
} from './prepare-item.ts';
import { failure, type Result, shapeResult, skippedResult, troubled } from './result-shape.ts';

/** What one item came to on one host; `result` is complete and unmasked. */
export interface ItemEnd {
  readonly result: Result;
  readonly fields: Fields;
  readonly lost?: Unreachable;
  /** Ended by the second Ctrl-C: nobody knows how far it came. */
  readonly isCancelled?: true;
  /** It could not even be prepared: that ends a whole loop. */
  readonly isTrouble?: true;
  readonly effects?: PlayEffects;
  readonly include?: { readonly [name: string]: string };
  readonly changes: readonly string[];
  readonly durationMs: number;
  readonly isReplayed: boolean;
  readonly secrets: readonly string[];
}

type Runnable = Extract<ReadyItem, { kind: 'decide' | 'call' }>;

/** Runs one item: prepared ahead or now, taken from the journal where it was done before. */
export async function runItem(
  run: PlayRun,
  wish: ItemWish,
  key: JournalKey,
  course: Course,
  ahead: ReadyItem | undefined,
): Promise<ItemEnd> {
  const item = ahead ?? (await prepare(run, wish));
  const base = { fields: item.fields, changes: [], durationMs: 0, isReplayed: false, secrets: [] };
  if (item.kind === 'end')
    return { ...base, result: item.result, ...(item.isTrouble && { isTrouble: true }) };
  if (item.kind === 'include')
    return { ...base, result: makeVars([['changed', false]]), include: item.rendered };
  const known = recall(run, key);
  if (known) return { ...base, ...known, secrets: item.ready.secrets };
  const settled = await settleDoubt(run, wish, key, item);
  if (settled) return { ...base, result: settled };
  return attempt(run, wish, key, { course, item });
}

/** Prepares an item with the files it wants. */
async function prepare(run: PlayRun, wish: ItemWish): Promise<ReadyItem> {
  for (let turn = 0; turn < 3; turn++) {
    const item = prepareItem(run, wish);
    if (item.kind !== 'wants') return item;
    try {
      await loadSources(run, item);
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      return { kind: 'end', fields: item.fields, result: failure(error.message) };
    }
  }
  throw new Error('the files of a task change with every look at it');
}

function recall(
  run: PlayRun,
  key: JournalKey,
): { result: Result; changes: readonly string[]; isReplayed: true } | undefined {
  const kept = run.rim.journal.recall(key);
  if (kept === undefined || kept === 'begun') return undefined;
  const { result, changes } = kept;
  return {
    result: makeVars(Object.entries((result ?? {}) as JournalResult)),
    changes: (changes ?? []) as readonly string[],
    isReplayed: true,
  };
}

const doubt =
  'It was begun before the run was cut off, and nobody knows whether it was carried out. Look at the host, then: lab runs resume --in-doubt redo (run it again), or --in-doubt skip (go on without it)';

async function settleDoubt(
  run: PlayRun,
  { host, task }: ItemWish,
  key: JournalKey,
  item: Runnable,
): Promise<Result | undefined> {
  if (item.kind === 'decide' || item.fields.checkMode) return undefined;
  if (item.ready.module.repeats !== false || run.rim.journal.recall(key) !== 'begun')
    return undefined;
  const answer = (await run.rim.askInDoubt?.(host.name, task)) ?? 'fail';
  if (answer === 'redo') return undefined;
  if (answer === 'fail') return failure(doubt);
  const result = {
    ...skippedResult(),
    skip_reason: 'It was begun before the run was cut off, and was left as it is',
  };
  run.rim.journal.end(key, { result, changes: [] });
  return result;
}

interface Attempt {
  readonly course: Course;
  readonly item: Runnable;
}

/** Tries until `until` holds, as often as `retries` allows, and writes down what came of it. */
async function attempt(
  run: PlayRun,
  wish: ItemWish,
  key: JournalKey,
  { course, item }: Attempt,
): Promise<ItemEnd> {
  const { journal, sleep, signal } = run.rim;
  const tries = triesOf(run, wish);
  const wasBegun = journal.recall(key) === 'begun';
  const told = item.kind === 'call' ? withJournal(run, key, item) : item;
  for (let turn = 1; ; turn++) {
    const end = await once(run, told, course, wish);
    if (end.lost || end.isCancelled) return end;
    if (wasBegun) countAsChanged(end.result);
    if (isOver(run, wish, end.result, { turn, tries })) {
      const isKept = item.kind === 'call' || item.module.name === 'set_fact';
      if (isKept) journal.end(key, { result: end.result, changes: end.changes });
      return end;
    }
    await sleep(delayMsOf(run, wish), signal);
  }
}

/** The call is in the journal before it first alters anything, so that it is never done twice unasked. */
function withJournal(
  { rim }: PlayRun,
  key: JournalKey,
  item: Extract<Runnable, { kind: 'call' }>,
): Runnable {
  let begun: Promise<void> | undefined;
  const begins = (): Promise<void> => {
    begun ??= rim.journal.begin(key, item.ready.module.repeats !== false);
    return begun;
  };
  return { ...item, ready: { ...item.ready, begins } };
}

// what was begun before the run was cut off may have been changed then: who waits for the change must not miss it
function countAsChanged(result: Result): void {
  const isOver = ['failed', 'skipped'].some((name) => result[name] === true);
  if (!isOver) result['changed'] = true;
}

/** Lets the task's conditions judge a result; true when it is not to be tried again. */
function isOver(
  run: PlayRun,
  wish: ItemWish,
  result: Result,
  { turn, tries }: { readonly turn: number; readonly tries: number },
): boolean {
  const { until } = wish.task;
  if (until.length > 0) result['attempts'] = turn;
  const local = judgeResult(run, wish, result);
  if (tries === 1 || holds(run, wish, until, local, result)) return true;
  if (turn < tries) return run.rim.stop.aborted;
  result['attempts'] = tries - 1;
  result['failed'] = true;
  return true;
}

function triesOf(run: PlayRun, wish: ItemWish): number {
  if (wish.task.until.length === 0) return 1;
  const retries = numberOf(run, wish, 'retries') ?? 3;
  return retries <= 0 ? 1 : retries + 1;
}

function delayMsOf(run: PlayRun, wish: ItemWish): number {
  const delay = numberOf(run, wish, 'delay') ?? 5;
  return (delay < 0 ? 1 : delay) * 1000;
}

function numberOf(run: PlayRun, wish: ItemWish, field: 'retries' | 'delay'): number | undefined {
  const value = wish.task[field];
  if (value === undefined) return undefined;
  const found = Number(run.rim.templar.render(value, scopeOf(run, wish)));
  return Number.isFinite(found) ? found : undefined;
}

async function once(
  run: PlayRun,
  item: Runnable,
  course: Course,
  { host, task }: ItemWish,
): Promise<ItemEnd> {
  const { fields, ready } = item;
  const base = { fields, changes: [], durationMs: 0, isReplayed: false, secrets: ready.secrets };
  const startedAt = run.rim.now();
  try {
    const { found, effects } = await carryOut(run, item, course, task);
    const { changes = [] } = found;
    const result = shapeResult(found, task.action);
    const durationMs = run.rim.now() - startedAt;
    return { ...base, result, changes, durationMs, ...(effects && { effects }) };
  } catch (error) {
    const durationMs = run.rim.now() - startedAt;
    if (error instanceof LabError && error.kind === 'refused') run.refused.add(host.name);
    return { ...base, durationMs, ...resultOfThrow(run, error) };
  }
}

async function carryOut(
  run: PlayRun,
  item: Runnable,
  course: Course,
  task: Task,
): Promise<{ found: ModuleResult; effects?: PlayEffects }> {
  if (item.kind === 'decide') {
    const { effects, ...found } = decide(run, item);
    return { found, ...(effects && { effects }) };
  }
  const { ready, way, background } = item;
  if (background?.isLeftAlone) return { found: await leaveAlone(run, item, task) };
  const { result, durationMs } = await course.perform(ready, way.host);
  const found = withLimit(result, { durationMs, task, seconds: ready.timeoutSeconds });
  return { found: background ? withJob(found, ready.call.nonce) : found };
}

async function leaveAlone(
  { rim }: PlayRun,
  { ready, way }: Extract<Runnable, { kind: 'call' }>,
  { action }: Task,
): Promise<ModuleResult> {
  await ready.begins?.();
  const started = await rim.startJob?.(ready, way.host);
  return (
    started ?? { changed: false, failed: true, msg: `${action} cannot be left running (poll: 0)` }
  );
}

// timeout(1) ends a command with 124; a module that minds its own steps may say it otherwise
function withLimit(
  found: ModuleResult,
  {
    durationMs,
    task,
    seconds,
  }: { readonly durationMs: number; readonly task: Task; readonly seconds: number | undefined },
): ModuleResult {
  if (seconds === undefined || !found.failed) return found;
  if (found.values?.['rc'] !== 124 && durationMs < seconds * 1000) return found;
  const short = task.action.slice(task.action.lastIndexOf('.') + 1);
  const msg =
    task.keywords.timeout === undefined
      ? `async task did not complete within the requested time - ${seconds}s`
      : `The ${short} action failed to execute in the expected time frame (${seconds}) and was terminated`;
  return { changed: false, failed: true, msg };
}

function withJob(found: ModuleResult, nonce: string): ModuleResult {
  const values = makeVars([
    ...Object.entries(found.values ?? {}),
    ['ansible_job_id', `j${nonce}`],
    ['started', 1],
    ['finished', 1],
  ]);
  return { ...found, values };
}

function resultOfThrow(
  run: PlayRun,
  error: unknown,
): Pick<ItemEnd, 'result' | 'lost' | 'isCancelled' | 'isTrouble'> {
  if (run.rim.signal.aborted)
    return { result: failure('stopped while it was running'), isCancelled: true };
  if (error instanceof Unreachable)
    return {
      lost: error,
      result: makeVars([
        ['changed', false],
        ['unreachable', true],
        ['msg', error.message],
      ]),
    };
  if (error instanceof TemplateError) return { result: troubled(error.message), isTrouble: true };
  if (error instanceof LabError) return { result: failure(error.message) };
  run.bugs.push(error);
  const said = error instanceof Error ? error.message : String(error);
  return { result: failure(`Unexpected failure during module execution: ${said}`) };
}

/** Lets `changed_when` and `failed_when` have their say; answers the variables they saw. */
function judgeResult(run: PlayRun, wish: ItemWish, result: Result): PlayVars {
  const { task } = wish;
  const local = localWith(wish, result);
  if (result['skipped'] !== undefined) return local;
  let name = 'changed';
  try {
    if (task.changedWhen.length > 0)
      result['changed'] = judgeAll(run, wish, task.changedWhen, local);
    name = 'failed';
    if (task.failedWhen.length > 0) {
      const isFailed = judgeAll(run, wish, task.failedWhen, local);
      result['failed_when_result'] = isFailed;
      result['failed'] = isFailed;
    }
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    result['failed'] = true;
    result[`${name}_when_result`] = error.message;
  }
  return local;
}

function localWith({ local, task }: ItemWish, result: Result): PlayVars {
  return task.register === undefined ? local : { ...local, [task.register]: result };
}

function judgeAll(
  run: PlayRun,
  wish: ItemWish,
  conditions: readonly Condition[],
  local: PlayVars,
): boolean {
  const scope = scopeOf(run, { ...wish, local });
  return conditions.every((condition) => run.rim.templar.judge(condition, scope));
}

function holds(
  run: PlayRun,
  wish: ItemWish,
  until: readonly Condition[],
  local: PlayVars,
  result: Result,
): boolean {
  try {
    return judgeAll(run, wish, until, local);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    result['failed'] = true;
    result['msg'] = error.message as Value;
    return true;
  }
}
