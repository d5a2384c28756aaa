import { type Command, type Script, sh } from '../../../model/command.ts';
import { ask, type ModuleResult, type Planned, probeScript } from '../../../model/module.ts';
import { after } from './after.ts';
import type { FileTask } from './file-args.ts';
import { modeText } from './file-mode.ts';
import type { PathFacts } from './file-result.ts';
import { type Ids, lookUpIds } from './look-up-ids.ts';
import { alter } from './outcome.ts';
import { attributeTrouble, planAttributes } from './path-attributes.ts';
import { script } from './script-action.ts';

/** Gives all that is below a folder the wished owner, group and bits after the folder itself (`top`); what links lead to as well, when links are followed. */
export function planRecursion(task: FileTask, top: Planned): Planned {
  const { args, found, call } = task;
  return ask({ kinds: probeScript(kindsScript(task)) }, ({ kinds }) =>
    lookUpIds([found], args, call, (ids) => {
      const all = readKinds(kinds.stdout);
      const known = namesFrom(all, args, ids);
      const stale = all.filter((facts) => planAttributes(facts, args, known).changed);
      return stale.length === 0 ? top : after(top, (result) => alterAll(task, stale, ids, result));
    }),
  );
}

// files of one kind, owner, group and bits are one line, however many there are
function kindsScript({ args, found }: FileTask): Command {
  const look: Script = { script: args.follow ? '-L' : '' };
  return sh`top=${found.path}
find ${look} "$top" ! -path "$top" -exec stat ${look} -c '%f %u %g %U %G' -- {} + 2>/dev/null | sort -u
find "$top" -type l -exec stat -c '%f %u %g %U %G' -- {} + 2>/dev/null | sort -u`;
}

function readKinds(stdout: string): PathFacts[] {
  const lines = new Set(stdout.split('\n').filter(Boolean));
  return Array.from(lines, (line) => {
    const [raw = '', uid, gid, owner = '', group = ''] = line.split(' ');
    const bits = Number.parseInt(raw, 16);
    const type = bits >> 12;
    const kind = type === 0o4 ? 'directory' : type === 0o12 ? 'link' : 'file';
    return { kind, mode: bits & 0o7777, uid: Number(uid), gid: Number(gid), owner, group, size: 0 };
  });
}

/** An owner's number, from any file that has the owner already. */
function namesFrom(all: readonly PathFacts[], wish: FileTask['args'], ids: Ids): Ids {
  const uid = ids.uid ?? all.find(({ owner }) => owner === wish.owner)?.uid;
  const gid = ids.gid ?? all.find(({ group }) => group === wish.group)?.gid;
  return { ...ids, ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }) };
}

function alterAll(
  task: FileTask,
  stale: readonly PathFacts[],
  ids: Ids,
  top: ModuleResult,
): Planned {
  const { args, found } = task;
  const below = `owner, group or bits of what is below ${found.path}`;
  return alter({
    actions: [script(recursiveScript(task, stale, ids))],
    result: { ...top, changed: true, changes: [...(top.changes ?? []), below] },
    failureValues: () => ({}),
    failure: (ran) => attributeTrouble(ran, args),
  });
}

function recursiveScript(
  { args, found }: FileTask,
  stale: readonly PathFacts[],
  ids: Ids,
): Command {
  const look: Script = { script: args.follow ? '-L' : '' };
  const { owner, group } = args;
  const owners =
    owner === undefined
      ? ''
      : sh`find ${look} "$top" ! -type l ! -user ${owner} -exec chown -- ${owner} {} + || exit 61
find "$top" -type l ! -user ${owner} -exec chown -h -- ${owner} {} + || exit 61`.script;
  const groups =
    group === undefined
      ? ''
      : sh`find ${look} "$top" ! -type l ! -group ${group} -exec chgrp -- ${group} {} + || exit 62
find "$top" -type l ! -group ${group} -exec chgrp -h -- ${group} {} + || exit 62`.script;
  const modes =
    args.mode === undefined ? [] : stale.flatMap((facts) => modeLine(facts, args, ids, look));
  const lines: Script = { script: [owners, groups, ...new Set(modes)].filter(Boolean).join('\n') };
  return sh`top=${found.path}
${lines}`;
}

function modeLine(facts: PathFacts, args: FileTask['args'], ids: Ids, look: Script): string[] {
  const { facts: after } = planAttributes(facts, args, ids);
  if (facts.kind === 'link' || after.mode === facts.mode) return [];
  const type: Script = { script: facts.kind === 'directory' ? '-type d' : '! -type d ! -type l' };
  return [
    sh`find ${look} "$top" -depth ! -path "$top" ${type} -perm ${modeText(facts.mode)} -exec chmod -- ${modeText(after.mode)} {} + || exit 63`
      .script,
  ];
}
