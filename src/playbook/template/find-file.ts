import type { Context } from './context.ts';
import { folderOf, isAbsolute, joinPath } from './paths.ts';

function isFile(path: string, on: Context): boolean {
  return on.engine.effects.pathAt(path)?.kind === 'file';
}

/** The path of a file that is looked for in folders, nearest first. */
function firstFile(name: string, folders: readonly string[], on: Context): string | undefined {
  if (isAbsolute(name)) return isFile(name, on) ? name : undefined;
  return folders.map((folder) => joinPath(folder, name)).find((path) => isFile(path, on));
}

/** Where `{% include %}` finds a file: beside the template, then in the `templates` folders and the folders of the task. */
export function findTemplate(name: string, on: Context): string | undefined {
  const beside = [on.file, on.root].flatMap((file) => (file === undefined ? [] : [folderOf(file)]));
  return firstFile(name, [...beside, ...searchFolders('templates', on)], on);
}

/** Where lookups find a file: in the subfolder of that name of each of the task's folders, then in the folder itself. */
export function findFile(name: string, subfolder: string, on: Context): string | undefined {
  return firstFile(expandHome(name, on), searchFolders(subfolder, on), on);
}

/** The folders of a task with their subfolder before each. */
export function searchFolders(subfolder: string, on: Context): string[] {
  return on.scope.folders.flatMap((folder) => [joinPath(folder, subfolder), folder]);
}

export function expandHome(path: string, on: Context): string {
  const home = on.engine.effects.env('HOME');
  return home !== undefined && /^~(?:\/|$)/.test(path) ? home + path.slice(1) : path;
}
