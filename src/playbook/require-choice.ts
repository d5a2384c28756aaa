import { LabError } from '../model/lab-error.ts';
import { nearest } from '../model/nearest.ts';
import type { Playbook, Task } from '../model/playbook.ts';
import { allTasks, findStart, shownName, type TagChoice } from './list.ts';

/** Tags that mean something without standing at any task. */
const specialTags = ['all', 'always', 'never', 'tagged', 'untagged'];

/**
 * Throws LabError 'usage' when a tag, or the task to begin with, is nowhere in the playbook: nothing, or too much, would be done.
 * Where files are included by the run itself, tags may stand in those and are not judged.
 */
export function requireChoice(
  playbook: Playbook,
  choice: TagChoice & { readonly startAtTask?: string },
): void {
  const tasks = playbook.plays.flatMap((play) => [
    ...play.sections.flatMap(({ entries }) => entries).flatMap(allTasks),
    ...play.handlers,
  ]);
  const { startAtTask } = choice;
  if (startAtTask !== undefined && findStart(playbook, startAtTask) === undefined)
    throw unknown(`no task is named "${startAtTask}"`, startAtTask, tasks.flatMap(shownNames));
  if (tasks.some(({ does }) => does.kind === 'include_tasks' || does.kind === 'include_role'))
    return;
  const known = new Set([...playbook.plays, ...tasks].flatMap(({ keywords }) => keywords.tags));
  for (const tag of [...choice.tags, ...choice.skipTags])
    if (!known.has(tag) && !specialTags.includes(tag))
      throw unknown(`no task has the tag "${tag}"`, tag, known);
}

function shownNames(task: Task): string[] {
  return [shownName(task), ...(typeof task.name === 'string' ? [task.name] : [])];
}

function unknown(message: string, typed: string, known: Iterable<string>): LabError {
  const meant = nearest(typed, known);
  const hint = meant === undefined ? 'see --list-tasks' : `did you mean "${meant}"?`;
  return new LabError('usage', message, hint);
}
