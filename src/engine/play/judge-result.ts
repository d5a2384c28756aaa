import type { Condition, PlayVars } from '../../model/play-value.ts';
import { TemplateError } from '../../model/template-error.ts';
import type { Value } from '../../model/value.ts';
import type { PlayRun } from './play-run.ts';
import { type ItemWish, scopeOf } from './prepared-item.ts';
import type { Result } from './result-shape.ts';

/** Lets the task's conditions judge a result; true when it is not to be tried again. */
export function isOver(
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

/** How often a task is tried at most. */
export function triesOf(run: PlayRun, wish: ItemWish): number {
  if (wish.task.until.length === 0) return 1;
  const retries = numberOf(run, wish, 'retries') ?? 3;
  return retries <= 0 ? 1 : retries + 1;
}

/** The pause between two tries. */
export function delayMsOf(run: PlayRun, wish: ItemWish): number {
  const delay = numberOf(run, wish, 'delay') ?? 5;
  return (delay < 0 ? 1 : delay) * 1000;
}

function numberOf(run: PlayRun, wish: ItemWish, field: 'retries' | 'delay'): number | undefined {
  const value = wish.task[field];
  if (value === undefined) return undefined;
  const found = Number(run.rim.templar.render(value, scopeOf(run, wish)));
  return Number.isFinite(found) ? found : undefined;
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
