import type { Located, LocatedMap } from '../model/located.ts';
import type { Entry } from '../model/playbook.ts';
import { isWith, type WrittenAction } from './action.ts';
import { fileOf } from './include-args.ts';
import { isNothing, type Place, reportTo } from './loading.ts';
import { placeName } from './make-id.ts';
import { staticText } from './static-text.ts';
import { placeBelow } from './task.ts';
import { findTasksFile, loadTasksFile, staticVars, tellMissingFile } from './tasks-file.ts';
import { readWrittenArgs } from './written-args.ts';

/** The tasks of `import_tasks`: as if they were written here, with its keywords, conditions and tags on each of them. */
export async function importTasks(
  node: LocatedMap,
  action: WrittenAction,
  outer: Place,
): Promise<readonly Entry[]> {
  const place = placeBelow(node, outer);
  refuseLoop(node, 'include_tasks', place);
  const file = fileOf(readWrittenArgs(action, node, place), action, place, []);
  if (file === undefined) return [];
  const report = reportTo(place.play.loading);
  const name = staticText(file.value, staticVars(place), place.play);
  if (name === undefined) {
    tellUnknownName(file.at, 'include_tasks', place);
    return [];
  }
  const path = await findTasksFile(name, place);
  if (path === undefined) {
    tellMissingFile(name, file.at, place);
    return [];
  }
  if (place.chain.includes(path)) {
    report(file.at, 'import-circle', `"${name}" imports itself`, 'leave one of the imports out');
    return [];
  }
  const idPrefix = `${outer.idPrefix}${placeName(node, outer)}>`;
  return await loadTasksFile(path, 'a file of tasks', { ...place, idPrefix });
}

/** Tells that an import must have a name that is known when the playbook is read. */
export function tellUnknownName(at: Located, instead: string, place: Place): void {
  const message = 'the name is not known when the playbook is read';
  const hint = `use variables of the play or --extra-vars, or ${instead}`;
  reportTo(place.play.loading)(at, 'name-not-known', message, hint);
}

/** An import is read once, so it cannot be looped. */
export function refuseLoop(node: LocatedMap, instead: string, place: Place): void {
  const loop = node.entries.find(({ key }) => key.text === 'loop' || isWith(key.text));
  if (loop === undefined || isNothing(loop.value)) return;
  reportTo(place.play.loading)(
    loop.key,
    'loop-on-import',
    'an import cannot be looped',
    `use ${instead}`,
  );
}
