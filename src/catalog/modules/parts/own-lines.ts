import { type Script, sh } from '../../../model/command.ts';
import type { Call, PathState } from '../../../model/module.ts';
import { modeAfter } from './file-mode.ts';
import type { Ids } from './look-up-ids.ts';
import { type AttributeWish, chgrpLine, chmodLine, chownLine } from './path-attributes.ts';
import { folderOf } from './paths.ts';

/** What decides over the owner and bits of a new file. */
export interface Owning {
  readonly dest: PathState;
  readonly wish: AttributeWish;
  readonly ids: Ids;
  readonly call: Call;
}

/** Whether what is there hands its owner and bits on to what takes its place. */
export const isKept = ({ kind }: PathState): boolean => kind === 'file' || kind === 'hard';

/** Gives the new file its owner and bits; on its way to its place it is `$lab_path` to those lines. */
export function ownLines(write: Owning): Script {
  const { dest, wish } = write;
  const lines = [
    ...keepOwner(write),
    ...(wish.owner === undefined ? [] : [chownLine(wish.owner)]),
    ...(wish.group === undefined ? [] : [chgrpLine(wish.group)]),
    ...modeLines(dest, wish, write.ids),
  ];
  return { script: ['lab_path=$lab_new', ...lines].join('\n') };
}

function keepOwner({ dest, wish, call }: Owning): string[] {
  if (wish.owner !== undefined && wish.group !== undefined) return [];
  const folder = sh`[ ! -g ${folderOf(dest.path)} ]`.script;
  if (!isKept(dest)) return [`${folder} || chgrp -- "$(id -g)" "$lab_path" 2>/dev/null || :`];
  const { uid, gid } = dest;
  const whom = `${uid}:${gid}`;
  const keep =
    sh`chown -- ${whom} "$lab_path" 2>/dev/null || chgrp -- ${gid} "$lab_path" 2>/dev/null || :`
      .script;
  return call.user === 'root' && uid === 0 && gid === 0 ? [`${folder} || ${keep}`] : [keep];
}

function modeLines(dest: PathState, wish: AttributeWish, ids: Ids): string[] {
  if (isKept(dest)) {
    const { mode } = dest;
    return [
      chmodLine(wish.mode === undefined ? mode : modeAfter(wish.mode, mode, false, ids.umask)),
    ];
  }
  if (wish.mode !== undefined && /^[0-7]+$/.test(wish.mode)) return [chmodLine(wish.mode)];
  const usual = 'chmod -- "$(printf %o $((0666 & ~0$(umask))))" "$lab_path" || exit 63';
  return wish.mode === undefined ? [usual] : [usual, chmodLine(wish.mode)];
}
