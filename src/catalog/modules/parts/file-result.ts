import type { Script } from '../../../model/command.ts';
import type { PathState } from '../../../model/module.ts';
import { makeVars, type Vars } from '../../../model/value.ts';
import { modeText } from './file-mode.ts';

/** The part of a path's state that file modules return. */
export type PathFacts = Pick<
  PathState,
  'kind' | 'mode' | 'uid' | 'gid' | 'owner' | 'group' | 'size'
>;

/** Ansible's return values of a path: uid gid owner group mode size state; none for a path that is not there. */
export function pathValues(state: PathFacts): Vars {
  if (state.kind === 'absent') return makeVars();
  return makeVars([
    ['uid', state.uid],
    ['gid', state.gid],
    ['owner', state.owner || String(state.uid)],
    ['group', state.group || String(state.gid)],
    ['mode', modeText(state.mode)],
    ['size', state.size],
    ['state', stateWord(state.kind)],
  ]);
}

/** What Ansible calls a path's state. */
export function stateWord(kind: PathState['kind']): string {
  if (kind === 'link' || kind === 'directory' || kind === 'hard' || kind === 'absent') return kind;
  return 'file';
}

/** Prints what `"$lab_path"` is now, for `readFacts`. */
export const printFacts: Script = {
  script: `stat -c 'lab-left:%u:%g:%a:%s:%h:%U:%G:%F' -- "$lab_path"`,
};

/** Reads the last line that `printFacts` left; undefined when there is none. */
export function readFacts(stdout: string): PathFacts | undefined {
  const line = stdout
    .split('\n')
    .filter((each) => each.startsWith('lab-left:'))
    .at(-1);
  if (line === undefined) return undefined;
  const [, uid, gid, mode = '', size, links, owner = '', group = '', type = ''] = line.split(':');
  return {
    kind: kindOf(type, Number(links)),
    uid: Number(uid),
    gid: Number(gid),
    mode: Number.parseInt(mode, 8),
    size: Number(size),
    owner: owner === 'UNKNOWN' ? '' : owner,
    group: group === 'UNKNOWN' ? '' : group,
  };
}

function kindOf(type: string, links: number): PathState['kind'] {
  if (type === 'directory') return 'directory';
  if (type === 'symbolic link') return 'link';
  if (type.startsWith('regular')) return links > 1 ? 'hard' : 'file';
  return 'file';
}
