import { nearest } from '../model/nearest.ts';
import { type Place, reportTo } from './loading.ts';
import { folderOf, joinPath, tidyPath } from './paths.ts';
import type { RoleUse } from './role.ts';

/** The folder of a role: looked for in `roles/` beside the playbook, on the roles path, beside the role that names it, and beside the playbook. */
export async function findRole(name: string, place: Place): Promise<string | undefined> {
  const { rim } = place.play.loading;
  const paths = name.startsWith('/')
    ? [tidyPath(name)]
    : roleFolders(place).map((folder) => joinPath(folder, name));
  for (const path of paths) if (await rim.isFolder(path)) return path;
  return undefined;
}

function roleFolders({ play, role }: Place): readonly string[] {
  const { rolesPath } = play.loading.rim;
  const beside = role ? [folderOf(role.path)] : [];
  return [...new Set([`${play.folder}/roles`, ...rolesPath, ...beside, play.folder])];
}

/** Tells that a role is not there, with the one that was probably meant. */
export async function tellUnknownRole(use: RoleUse, place: Place): Promise<void> {
  const { rim } = place.play.loading;
  const known: string[] = [];
  for (const folder of roleFolders(place).slice(0, -1))
    if (await rim.isFolder(folder)) known.push(...(await rim.listFolder(folder)));
  const meant = nearest(use.name, known);
  const isCollection = /^\w+\.\w+\.\w+$/.test(use.name);
  const hint =
    meant !== undefined
      ? `did you mean "${meant}"?`
      : isCollection
        ? 'roles of collections are not supported; copy it into roles/'
        : `put it into ${place.play.folder}/roles/${use.name}`;
  reportTo(place.play.loading)(use.at, 'unknown-role', `there is no role "${use.name}"`, hint);
}
