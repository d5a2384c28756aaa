import type { TaskFinished } from '../../model/event.ts';
import { makeVars, type Value, type Vars } from '../../model/value.ts';
import type { Ended } from './ended.ts';
import type { ItemEnd } from './item-end.ts';
import { censor, maskText, maskValue } from './masking.ts';
import type { PlayRun } from './play-run.ts';
import type { Result } from './result-shape.ts';
import { fieldsOf } from './run-task.ts';

type Outcome = TaskFinished['outcome'];

/** The row of a task on a host; everything in it is masked. */
export function taskRow(run: PlayRun, ended: Ended, outcome: Outcome): TaskFinished {
  const { host, id, end, durationMs, place } = ended;
  const isHidden = end.items.some((item) => item.fields.noLog);
  const secrets = [...secretsOf(run), ...end.items.flatMap((item) => item.secrets)];
  const changes = isHidden ? [] : end.items.flatMap((item) => item.changes);
  const isTakenOver = place.isRescuable && !end.items.some((item) => item.isInDoubt);
  const isRescued = outcome === 'failed' && !end.isIgnored && isTakenOver;
  const isReplayed = end.items.length > 0 && end.items.every((item) => item.isReplayed);
  return {
    type: 'task.finished',
    task: id,
    host: host.name,
    ...delegated(fieldsOf(end).delegateTo, secrets),
    outcome,
    ...(end.isIgnored && { ignored: true }),
    ...(isRescued && { rescued: true }),
    result: showResult(end.result, isHidden, secrets),
    changes: shownChanges(changes, secrets),
    durationMs,
    ...(isReplayed && { replayed: true }),
  };
}

/** The row of one item of a loop. */
export function itemRow(
  run: PlayRun,
  { host, id }: Pick<Ended, 'host' | 'id'>,
  end: ItemEnd,
  label: string,
): TaskFinished {
  const secrets = [...secretsOf(run), ...end.secrets];
  const { noLog, delegateTo, ignoreErrors, ignoreUnreachable } = end.fields;
  const isIgnored = end.lost ? ignoreUnreachable : end.result['failed'] === true && ignoreErrors;
  return {
    type: 'task.finished',
    task: id,
    host: host.name,
    ...delegated(delegateTo, secrets),
    outcome: outcomeOf(end),
    ...(isIgnored && { ignored: true }),
    item: noLog ? '(censored due to no_log)' : maskText(label, secrets),
    result: showResult(end.result, noLog, secrets),
    changes: noLog ? [] : shownChanges(end.changes, secrets),
    durationMs: end.durationMs,
    ...(end.isReplayed && { replayed: true }),
  };
}

function secretsOf({ rim }: PlayRun): readonly string[] {
  return rim.secrets?.() ?? [];
}

function delegated(to: string | undefined, secrets: readonly string[]): { delegatedTo?: string } {
  return to === undefined ? {} : { delegatedTo: maskText(to, secrets) };
}

function shownChanges(changes: readonly string[], secrets: readonly string[]) {
  return changes.map((summary) => ({ summary: maskText(summary, secrets) }));
}

function outcomeOf({ result, lost, isCancelled }: ItemEnd): Outcome {
  if (isCancelled) return 'cancelled';
  if (lost) return 'unreachable';
  if (result['failed'] === true) return 'failed';
  if (result['skipped'] === true) return 'skipped';
  return result['changed'] === true ? 'changed' : 'ok';
}

/** A result as Ansible's callbacks get it: no `failed: false` and `skipped: false` at the top, nothing internal, secrets masked. */
function showResult(result: Result, isHidden: boolean, secrets: readonly string[]): Vars {
  if (isHidden) return censor(result);
  const shown = Object.entries(result).filter(
    ([name, value]) =>
      !name.startsWith('_ansible_') && !(/^(?:failed|skipped)$/.test(name) && value === false),
  );
  return maskValue(makeVars(shown as (readonly [string, Value])[]), secrets) as Vars;
}
