import { sh } from '../../../model/command.ts';
import type { Call, PathState, Prediction, ScriptAction } from '../../../model/module.ts';
import { modeAfter } from './file-mode.ts';
import type { PathFacts } from './file-result.ts';
import type { Ids } from './look-up-ids.ts';
import { type AttributeWish, idOf, wishLines } from './path-attributes.ts';
import { script } from './script-action.ts';

interface NewFolders {
  /** Those that are not there, parents first. */
  readonly paths: readonly string[];
  readonly wish: AttributeWish;
  readonly ids: Ids;
  readonly call: Call;
}

/** Makes folders and gives each the wished owner, group and bits, as Ansible does for every folder it has to make. */
export function makeFolders({ paths, wish }: Pick<NewFolders, 'paths' | 'wish'>): ScriptAction[] {
  if (paths.length === 0) return [];
  const command = sh`for lab_path in ${paths}; do
mkdir -- "$lab_path" 2>/dev/null || [ -d "$lab_path" ] || mkdir -- "$lab_path" || exit 60
${wishLines(wish)}
done`;
  return [script(command)];
}

/** What those folders would be. */
export function expectFolder({ wish, ids, call }: Omit<NewFolders, 'paths'>): PathFacts {
  const isRoot = call.user === 'root' || call.user === undefined;
  const usual = 0o777 & ~(ids.umask ?? 0o022);
  const name = call.user ?? 'root';
  return {
    kind: 'directory',
    mode: wish.mode === undefined ? usual : modeAfter(wish.mode, usual, true, ids.umask),
    uid: ids.uid ?? idOf(wish.owner) ?? (isRoot ? 0 : -1),
    gid: ids.gid ?? idOf(wish.group) ?? (isRoot ? 0 : -1),
    owner: wish.owner ?? name,
    group: wish.group ?? name,
    size: 4096,
  };
}

/** The predictions that such folders are there. */
export function predictFolders(folders: NewFolders): Prediction[] {
  const state: Partial<PathState> & Pick<PathState, 'kind'> = expectFolder(folders);
  return folders.paths.map((path) => ({ path, state: { ...state, realPath: path } }));
}
