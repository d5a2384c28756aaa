import type { LocatedMap } from '../model/located.ts';
import { isTemplate } from '../model/play-value.ts';
import type { Task } from '../model/playbook.ts';
import type { WrittenAction } from './action.ts';
import { fileOf, readApply, refuseIncludeWords } from './include-args.ts';
import { belowInclude, keepPlace, scratchPlay } from './include-place.ts';
import type { Place } from './loading.ts';
import { staticText } from './static-text.ts';
import { finishTask, placeBelow } from './task.ts';
import { findTasksFile, loadTasksFile, staticVars, tellMissingFile } from './tasks-file.ts';
import { readWrittenArgs, type WrittenArg } from './written-args.ts';

/** An `include_tasks` task. A file whose name is known is read and checked at once; the run reads it when it comes to it. */
export async function readIncludeTasks(
  node: LocatedMap,
  action: WrittenAction,
  outer: Place,
): Promise<Task | undefined> {
  refuseIncludeWords(node, action, outer);
  const place = placeBelow(node, outer);
  const given = readWrittenArgs(action, node, place);
  const file = fileOf(given, action, place, ['apply']);
  if (file === undefined) return undefined;
  const apply = readApply(given, place);
  const task = finishTask(node, action, { kind: 'include_tasks', file: file.value, apply }, place);
  keepPlace(task, node, apply, outer);
  await checkIncluded(task, file, place);
  return task;
}

async function checkIncluded(task: Task, file: WrittenArg, place: Place): Promise<void> {
  const { play } = place;
  const name = isTemplate(file.value)
    ? staticText(file.value, task.loop ? {} : staticVars(place), play)
    : String(file.value);
  if (name === undefined) {
    play.doubts.anyFact = true;
    play.doubts.anyHandler = true;
    return;
  }
  const path = await findTasksFile(name, place);
  if (path === undefined) {
    if (!isTemplate(file.value)) tellMissingFile(name, file.at, place);
    return;
  }
  const key = `${path} ${place.role?.path ?? ''}`;
  if (play.checked.has(key)) return;
  play.checked.add(key);
  const inner = belowInclude(task, { ...place, play: scratchPlay(play) });
  if (inner) await loadTasksFile(path, 'a file of tasks', inner);
}
