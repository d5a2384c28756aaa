import type { SourceWish } from '../model/module.ts';
import type { Place } from './loading.ts';
import { folderOf, joinPath, tidyPath } from './paths.ts';
import { isThere } from './read-file.ts';

/** Where a file of the controller may be, in the order in which Ansible looks: in the folder of its kind and beside it, of the role, of roles around it, of the tasks and of the playbook. */
export function sourcePaths(
  wish: Pick<SourceWish, 'path' | 'folder'>,
  from: {
    readonly rolePaths: readonly string[];
    readonly folder: string;
    readonly playbookFolder: string;
  },
): readonly string[] {
  if (wish.path.startsWith('/')) return [tidyPath(wish.path)];
  const folders = [...from.rolePaths, from.folder, from.playbookFolder];
  const paths = folders.flatMap((folder) => [
    joinPath(folder, `${wish.folder}/${wish.path}`),
    joinPath(folder, wish.path),
  ]);
  return [...new Set(paths)];
}

/** The paths a task's files are looked for at, nearest first. */
export function sourcePathsAt(
  wish: Pick<SourceWish, 'path' | 'folder'>,
  place: Place,
): readonly string[] {
  const rolePaths = [...place.roles].reverse().map((role) => role.path);
  return sourcePaths(wish, {
    rolePaths,
    folder: folderOf(place.file),
    playbookFolder: place.play.folder,
  });
}

/** The first of those paths that is there; undefined when none is. */
export async function findSource(wish: SourceWish, place: Place): Promise<string | undefined> {
  // A path in the home folder or one that holds a template is nobody's to judge here.
  if (wish.path.startsWith('~')) return wish.path;
  const { loading } = place.play;
  for (const path of sourcePathsAt(wish, place)) {
    const tidy = path.endsWith('/') ? path.slice(0, -1) : path;
    if ((await isThere(tidy, loading)) || (await loading.rim.isFolder(tidy))) return tidy;
  }
  return undefined;
}
