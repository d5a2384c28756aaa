import type { Located } from '../model/located.ts';
import type { PlayVars } from '../model/play-value.ts';
import type { Entry } from '../model/playbook.ts';
import type { Position } from '../model/problem.ts';
import { joinVars } from './keywords.ts';
import { type Place, reportTo } from './loading.ts';
import { folderOf, joinPath, tidyPath } from './paths.ts';
import { isThere, readFile } from './read-file.ts';

/** Variables by which the names of imported files and roles are known before any host is asked. */
export function staticVars({ play, role, keywords }: Place): PlayVars {
  return joinVars([
    ...(role ? [{ role_path: role.path, role_name: role.name }, role.defaults] : []),
    play.vars,
    ...(role ? [role.vars] : []),
    ...keywords.vars,
    ...(role ? [role.params] : []),
  ]);
}

/** Finds a file of tasks: beside the one that names it, in the role's folder of tasks or handlers, in the role, in the playbook's folder. */
export async function findTasksFile(name: string, place: Place): Promise<string | undefined> {
  const { role, play, file, isHandler } = place;
  const folders = [
    folderOf(file),
    ...(role ? [`${role.path}/${isHandler ? 'handlers' : 'tasks'}`, role.path] : []),
    play.folder,
    ...(isHandler ? [] : [`${play.folder}/tasks`]),
  ];
  const paths = name.startsWith('/') ? [tidyPath(name)] : folders.map((one) => joinPath(one, name));
  for (const path of new Set(paths)) if (await isThere(path, play.loading)) return path;
  return undefined;
}

/** Reads the tasks of a file that was found. `place` is already the one below the import or include. */
export async function loadTasksFile(
  path: string,
  what: string,
  place: Place,
): Promise<readonly Entry[]> {
  const read = await readFile(path, place.play.loading);
  if (read.kind === 'missing' || read.root === undefined) return [];
  const inner = { ...place, file: path, chain: [...place.chain, path] };
  return await place.play.loadEntries(read.root, what, inner);
}

/** Tells that a file of tasks is not there. */
export function tellMissingFile(name: string, at: Located | Position, place: Place): void {
  const hint = `the name is looked for beside ${place.file}, in the role and beside the playbook`;
  reportTo(place.play.loading)(at, 'missing-file', `there is no file "${name}"`, hint);
}
