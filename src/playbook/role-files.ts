import type { Located } from '../model/located.ts';
import type { PlayVars } from '../model/play-value.ts';
import { joinVars } from './keywords.ts';
import { type Place, reportTo } from './loading.ts';
import { readFile } from './read-file.ts';
import { readVariables } from './read-vars.ts';
import type { RoleUse } from './role.ts';

/** Folders of a role that hold YAML. */
export type RolePart = 'tasks' | 'handlers' | 'vars' | 'defaults' | 'meta';

/** A YAML file of a role. */
export interface RoleFile {
  readonly path: string;
  readonly root: Located | undefined;
}

const endings = ['.yml', '.yaml', '.json'];

/** The files of one part of a role: `main`, or the one named; for variables `main/` may be a folder of files. */
export async function findRoleFiles(
  part: RolePart,
  rolePath: string,
  use: RoleUse | undefined,
  place: Place,
): Promise<readonly RoleFile[]> {
  const named = use?.from[part];
  const folder = `${rolePath}/${part}`;
  const names = named === undefined ? mainNames : [named, ...endings.map((end) => named + end)];
  const allowsFolder = part === 'vars' || part === 'defaults';
  const { rim } = place.play.loading;
  for (const name of names) {
    const path = `${folder}/${name}`;
    if (await rim.isFolder(path)) {
      if (allowsFolder) return await readFolder(path, place);
    } else {
      const found = await readFile(path, place.play.loading);
      if (found.kind === 'read') return [{ path, root: found.root }];
    }
  }
  if (named !== undefined && use) {
    const message = `the role "${use.name}" has no ${part}/${named}`;
    reportTo(place.play.loading)(use.at, 'missing-file', message, `put it into ${folder}`);
  }
  return [];
}

const mainNames = [...endings.map((end) => `main${end}`), 'main'];

/** All variables files of a folder, subfolders too, in the order of their names. */
async function readFolder(folder: string, place: Place): Promise<readonly RoleFile[]> {
  const { rim } = place.play.loading;
  const files: RoleFile[] = [];
  for (const name of [...(await rim.listFolder(folder))].sort()) {
    const path = `${folder}/${name}`;
    if (name.startsWith('.') || name.endsWith('~')) continue;
    if (await rim.isFolder(path)) files.push(...(await readFolder(path, place)));
    else if (endings.some((end) => name.endsWith(end))) {
      const found = await readFile(path, place.play.loading);
      if (found.kind === 'read') files.push({ path, root: found.root });
    }
  }
  return files;
}

/** Variables of a role from `defaults` or `vars`. */
export async function readRoleVars(
  part: 'vars' | 'defaults',
  rolePath: string,
  use: RoleUse,
  place: Place,
): Promise<PlayVars> {
  const files = await findRoleFiles(part, rolePath, use, place);
  return joinVars(
    files.map(({ root }) => (root ? readVariables(root, place.play, `the ${part} of a role`) : {})),
  );
}
