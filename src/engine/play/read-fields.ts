import type { Condition, PlayValue, Scope } from '../../model/play-value.ts';
import type { Task } from '../../model/playbook.ts';
import { TemplateError } from '../../model/template-error.ts';
import type { Value } from '../../model/value.ts';
import type { PlayRun } from './play-run.ts';
import type { Fields } from './prepared-item.ts';
import { type Result, skippedResult, troubled } from './result-shape.ts';
import { isYes } from './way-in.ts';

/** What a task's condition comes to: a skip, a failure, or nothing where it holds. */
export function judgeWhen(
  run: PlayRun,
  when: readonly Condition[],
  scope: Scope,
): Result | undefined {
  for (const condition of when) {
    try {
      if (!run.rim.templar.judge(condition, scope)) return skippedResult();
    } catch (error) {
      if (error instanceof TemplateError) return troubled(error.message);
      throw error;
    }
  }
  return undefined;
}

/** A keyword that is yes or no, or a template of that. */
export function readFlag(
  run: PlayRun,
  scope: Scope,
  value: PlayValue | undefined,
  fallback = false,
): boolean {
  if (value === undefined || value === null) return fallback;
  return typeof value === 'boolean' ? value : isYes(run.rim.templar.render(value, scope));
}

/** Renders the keywords of an item. */
export function readFields(run: PlayRun, scope: Scope, task: Task): Fields {
  const { keywords } = task;
  const { templar } = run.rim;
  const flag = (value: PlayValue | undefined, fallback = false) =>
    readFlag(run, scope, value, fallback);
  const delegate =
    keywords.delegateTo === undefined ? null : templar.render(keywords.delegateTo, scope);
  const isOmitted = delegate === null || delegate === '' || delegate === run.state.omit;
  return {
    noLog: flag(keywords.noLog),
    checkMode: flag(keywords.checkMode, run.state.checkMode),
    diffMode: flag(keywords.diff, run.state.diffMode),
    ignoreErrors: flag(keywords.ignoreErrors),
    ignoreUnreachable: flag(keywords.ignoreUnreachable),
    delegateTo: isOmitted ? undefined : String(delegate),
    delegateFacts: flag(keywords.delegateFacts),
    notify: task.notify.flatMap((name) => textsOf(templar.render(name, scope))),
  };
}

function textsOf(value: Value): string[] {
  return Array.isArray(value) ? value.map(String) : [String(value)];
}
