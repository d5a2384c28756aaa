import { mode, str } from '../../../model/arguments.ts';
import { type Script, sh } from '../../../model/command.ts';
import type { Diff, PathState, Ran } from '../../../model/module.ts';
import type { Value } from '../../../model/value.ts';
import { attributeDiff } from './content-diff.ts';
import { modeAfter, modeText } from './file-mode.ts';
import type { PathFacts } from './file-result.ts';
import type { Ids } from './look-up-ids.ts';

/** Owner, group and permission bits as a task wishes them: names or ids, octal or symbolic bits. */
export interface AttributeWish {
  readonly mode?: string | undefined;
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
}

/** The arguments of all modules that set owner, group and permission bits. */
export const attributeArgs = { mode: mode(), owner: str(), group: str() };

/** What has to be done to a path for its wished attributes. */
export interface AttributePlan {
  readonly changed: boolean;
  /** The path afterwards. */
  readonly facts: PathFacts;
  /** What differs, as Ansible's diff names it. */
  readonly before: { readonly [name: string]: Value };
  readonly after: { readonly [name: string]: Value };
  /** Alters the path that the host knows as `$lab_path`. */
  readonly script: Script | undefined;
  /** In words, such as "mode 0600 -> 0644". */
  readonly changes: readonly string[];
  /** The difference as Ansible shows it. */
  diff(path: string): Diff;
}

type Step = {
  readonly name: string;
  readonly from: Value;
  readonly to: Value;
  readonly line: string;
};

/** Compares a path that is there with what is wished; `ids` are what names stand for, where that was asked. */
export function planAttributes(state: PathFacts, wish: AttributeWish, ids: Ids): AttributePlan {
  const steps: Step[] = [];
  const owner = planOwner(state, wish.owner, ids.uid);
  const group = planGroup(state, wish.group, ids.gid);
  if (owner) steps.push(owner.step);
  if (group) steps.push(group.step);
  const wanted = wantedMode(state, wish.mode, ids);
  if (wanted !== state.mode) steps.push(modeStep(state.mode, wanted));
  // a change of owner takes setuid and setgid bits away
  else if (steps.length > 0 && wanted > 0o777 && wish.mode !== undefined && state.kind !== 'link')
    steps.push({ ...modeStep(wanted, wanted), name: '' });
  const named = steps.filter(({ name }) => name !== '');
  const before = Object.fromEntries(named.map(({ name, from }) => [name, from]));
  const after = Object.fromEntries(named.map(({ name, to }) => [name, to]));
  return {
    changed: named.length > 0,
    facts: { ...state, ...owner?.facts, ...group?.facts, mode: wanted },
    before,
    after,
    diff: (path) => attributeDiff({ ...before, path }, { ...after, path }),
    script: steps.length === 0 ? undefined : { script: steps.map(({ line }) => line).join('\n') },
    changes: named.map(({ name, from, to }) => `${name} ${String(from)} -> ${String(to)}`),
  };
}

function wantedMode(state: PathFacts, wished: string | undefined, ids: Ids): number {
  // Linux keeps no permission bits of a symbolic link
  if (wished === undefined || state.kind === 'link') return state.mode;
  return modeAfter(wished, state.mode, state.kind === 'directory', ids.umask);
}

function modeStep(from: number, to: number): Step {
  return { name: 'mode', from: modeText(from), to: modeText(to), line: chmodLine(to) };
}

type Owned = { readonly step: Step; readonly facts: Partial<PathFacts> };

function planOwner(
  state: PathFacts,
  owner: string | undefined,
  uid = idOf(owner),
): Owned | undefined {
  if (owner === undefined || isSame(owner, state.owner, state.uid, uid)) return undefined;
  const step = { name: 'owner', from: state.uid, to: uid ?? owner, line: chownLine(owner) };
  return { step, facts: { uid: uid ?? -1, owner: idOf(owner) === undefined ? owner : '' } };
}

function planGroup(
  state: PathFacts,
  group: string | undefined,
  gid = idOf(group),
): Owned | undefined {
  if (group === undefined || isSame(group, state.group, state.gid, gid)) return undefined;
  const step = { name: 'group', from: state.gid, to: gid ?? group, line: chgrpLine(group) };
  return { step, facts: { gid: gid ?? -1, group: idOf(group) === undefined ? group : '' } };
}

function isSame(wished: string, name: string, id: number, wishedId: number | undefined): boolean {
  return wishedId === undefined ? wished === name : wishedId === id;
}

/** The id that text is, when it is one. */
export function idOf(owner: string | undefined): number | undefined {
  return owner !== undefined && /^[0-9]+$/.test(owner) ? Number(owner) : undefined;
}

export const chownLine = (owner: string): string =>
  sh`chown -h -- ${owner} "$lab_path" || exit 61`.script;
export const chgrpLine = (group: string): string =>
  sh`chgrp -h -- ${group} "$lab_path" || exit 62`.script;
export const chmodLine = (bits: number | string): string =>
  sh`chmod -- ${typeof bits === 'number' ? modeText(bits) : bits} "$lab_path" || exit 63`.script;

/** Gives `"$lab_path"` what is wished without a look at what it has, for what was just made. */
export function wishLines(wish: AttributeWish): Script {
  const lines = [
    ...(wish.owner === undefined ? [] : [chownLine(wish.owner)]),
    ...(wish.group === undefined ? [] : [chgrpLine(wish.group)]),
    ...(wish.mode === undefined ? [] : [chmodLine(wish.mode)]),
  ];
  return { script: lines.join('\n') };
}

/** Why such a script failed, in Ansible's words. */
export function attributeTrouble(ran: Ran, wish: AttributeWish): string {
  const said = saidBy(ran);
  const isUnknown = /invalid|unknown/.test(said);
  if (ran.exitCode === 61)
    return isUnknown
      ? `chown failed: failed to look up user ${wish.owner ?? ''}`
      : `chown failed: ${said}`;
  if (ran.exitCode === 62)
    return isUnknown
      ? `chgrp failed: failed to look up group ${wish.group ?? ''}`
      : `chgrp failed: ${said}`;
  return ran.exitCode === 63 ? `chmod failed: ${said}` : said;
}

/** The last thing a script complained about, without the name of the tool that said it. */
export function saidBy(ran: Ran): string {
  const line = ran.stderr.trim().split('\n').at(-1) ?? '';
  return (
    line.replace(/^[a-z/]+: (?:(?:line )?[0-9]+: )?(?:eval: )?/, '') || `exit code ${ran.exitCode}`
  );
}

/** The facts of a state that a probe found. */
export function factsOf(state: PathState): PathFacts {
  const { kind, mode: bits, uid, gid, owner, group, size } = state;
  return { kind, mode: bits, uid, gid, owner, group, size };
}
