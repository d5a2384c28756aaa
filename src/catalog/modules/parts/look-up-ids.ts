import { sh } from '../../../model/command.ts';
import {
  type AnyProbe,
  ask,
  type Call,
  type GroupState,
  type PathState,
  type Planned,
  probeGroup,
  probeScript,
  probeUser,
  type Ran,
  type UserState,
} from '../../../model/module.ts';
import { needsUmask } from './file-mode.ts';
import { fail } from './outcome.ts';
import { type AttributeWish, idOf } from './path-attributes.ts';

/** What names of owners stand for on a host, as far as it was asked, and the umask where symbolic permissions need it. */
export interface Ids {
  readonly uid?: number;
  readonly gid?: number;
  readonly umask?: number;
  readonly warnings?: readonly string[];
}

interface Answers {
  readonly user?: UserState | undefined;
  readonly group?: GroupState | undefined;
  readonly umask?: Ran;
}

/**
 * Asks what the wished owner and group are called by number, where that is needed to compare paths or to preview: a host that already has them
 * as wished is asked nothing. An unknown name fails as in Ansible, except where check mode has no path yet to compare: there it only warns.
 */
export function lookUpIds(
  states: readonly PathState[],
  wish: AttributeWish,
  call: Call,
  plan: (ids: Ids) => Planned,
): Planned {
  const present = states.filter(({ kind }) => kind !== 'absent');
  const probes: Record<string, AnyProbe> = {};
  const { owner, group, mode } = wish;
  const asks = (name: string | undefined, has: (state: PathState) => string): name is string =>
    name !== undefined &&
    idOf(name) === undefined &&
    (call.checkMode || present.some((state) => has(state) !== name));
  if (asks(owner, (state) => state.owner)) probes['user'] = probeUser(owner);
  if (asks(group, (state) => state.group)) probes['group'] = probeGroup(group);
  if (needsUmask(mode)) probes['umask'] = probeScript(sh`umask`);
  if (Object.keys(probes).length === 0) return plan({});
  return ask(probes, (found) => {
    const answers = found as Answers;
    const missing = [
      ...('user' in probes && !answers.user
        ? [`chown failed: failed to look up user ${owner}`]
        : []),
      ...('group' in probes && !answers.group
        ? [`chgrp failed: failed to look up group ${group}`]
        : []),
    ];
    const [first] = missing;
    if (first === undefined) return plan(readIds(answers));
    const mayCome = call.checkMode && (present.length === 0 || call.predictsAny('package:'));
    if (!mayCome) return fail(first);
    return plan({ ...readIds(answers), warnings: missing.map(doubt) });
  });
}

const doubt = (complaint: string): string =>
  `${complaint.replace(/^ch(own|grp) failed: /, '')}. Create it up to this point in a real run`;

function readIds({ user, group, umask }: Answers): Ids {
  const mask = umask && Number.parseInt(umask.stdout.trim(), 8);
  return {
    ...(user && { uid: user.uid }),
    ...(group && { gid: group.gid }),
    ...(mask !== undefined && !Number.isNaN(mask) && { umask: mask }),
  };
}
