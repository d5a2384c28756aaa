import type { Arming } from '../../model/boot.ts';
import type { Host } from '../../model/host.ts';
import type { ChosenProfile } from '../../model/profile.ts';
import type { Vars } from '../../model/value.ts';
import { selectDisk } from './disk-rule.ts';
import { findLesson, parseLessons, type WallTime } from './lessons.ts';

/** Why a host may not be reinstalled: stable words, in the order they are looked at. */
export const guardRules = [
  'local',
  'protected',
  'private',
  'class',
  'status',
  'no-mac',
  'shared-mac',
  'no-profile',
  'disk',
  'armed',
  'locked',
  'lesson',
  'users',
] as const;
export type GuardRule = (typeof guardRules)[number];

/** Rules that `--despite` may set aside: what they guard is a matter of judgement. */
export const softRules = [
  'class',
  'status',
  'lesson',
  'users',
] as const satisfies readonly GuardRule[];
export type SoftRule = (typeof softRules)[number];

/** A host that somebody wants to reinstall, with all that is known of it. */
export interface Candidate {
  readonly host: Host;
  readonly profile?: ChosenProfile;
  /** Why it has none, where it should. */
  readonly profileProblem?: { readonly message: string; readonly hint: string };
  /** What it was when it was last asked; `at` ISO 8601. */
  readonly last?: { readonly at: string; readonly facts: Vars };
  /** Who is logged in; undefined where it was not asked. */
  readonly users?: readonly string[];
  /** Why nobody knows who is logged in; absent where it was asked, and where nothing answered: it is off. */
  readonly usersUnknown?: string;
  /** Its live armed boot, of whichever run. */
  readonly armed?: Arming;
  /** Who holds it, in a sentence; '' when nobody does. */
  readonly lockedBy: string;
}

/** A host that is left out, and why. */
export interface Refusal {
  readonly host: string;
  readonly rule: GuardRule;
  readonly why: string;
  readonly hint: string;
}

/** What guards look at beside the host. */
export interface GuardView {
  readonly at: WallTime;
  readonly despite: ReadonlySet<SoftRule>;
  /** Names of hosts by wired MAC address, of the whole inventory. */
  readonly hostsByMac: ReadonlyMap<string, readonly string[]>;
}

type Said = readonly [why: string, hint: string];
type Guard = (candidate: Candidate, view: GuardView) => Said | undefined;

/** Every wired address of a host. Docks are shared by many and wireless cards cannot boot, so neither counts. */
export function wiredMacs({ macs, mac }: Host): readonly string[] {
  const wired = macs.filter(({ role }) => role === 'wired').map(({ addr }) => addr);
  return wired.length === 0 && macs.length === 0 && mac !== '' ? [mac] : wired;
}

/** Names of hosts by their wired MAC addresses. */
export function indexMacs(hosts: readonly Host[]): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>();
  for (const host of hosts)
    for (const mac of new Set(wiredMacs(host)))
      index.set(mac, [...(index.get(mac) ?? []), host.name]);
  return index;
}

/** Everything that speaks against reinstalling a host; soft rules that were set aside are left out. */
export function judgeCandidate(candidate: Candidate, view: GuardView): readonly Refusal[] {
  return guardRules.flatMap((rule) => {
    if (softRules.some((soft) => soft === rule && view.despite.has(soft))) return [];
    const said = guards[rule](candidate, view);
    return said ? [{ host: candidate.host.name, rule, why: said[0], hint: said[1] }] : [];
  });
}

const guards: { readonly [R in GuardRule]: Guard } = {
  local: ({ host }) =>
    host.connection.kind === 'local'
      ? ['it is this very machine (ansible_connection: local)', 'reinstall it from another one']
      : undefined,
  protected: ({ host }) =>
    host.protected ? ['it is protected', 'remove protected: true from the inventory'] : undefined,
  private: ({ host }) =>
    host.ownership === 'private'
      ? ['it is privately owned', 'private machines are never reinstalled']
      : undefined,
  class: ({ host: { class: kind } }) =>
    ['server', 'printer', 'thin'].includes(kind)
      ? [`it is a ${kind}`, 'add --despite class if that is really meant']
      : undefined,
  status: ({ host: { status } }) =>
    ['retired', 'loaned'].includes(status)
      ? [`it is marked ${status}`, 'correct its status, or add --despite status']
      : undefined,
  'no-mac': ({ host }) =>
    wiredMacs(host).length === 0
      ? ['it has no wired MAC address', 'write its mac into the inventory']
      : undefined,
  'shared-mac': judgeShared,
  'no-profile': ({ profile, profileProblem }) => {
    if (profileProblem) return [profileProblem.message, profileProblem.hint];
    if (!profile)
      return ['it has no profile', 'write profile: into the inventory, or add --profile'];
    const writes = profile.profile.kind === 'archive' || profile.profile.kind === 'installer';
    return writes ? undefined : [`the profile ${profile.name} installs nothing`, 'choose another'];
  },
  disk: ({ host, profile }) => {
    const disk = selectDisk(host, { ...(profile && { profile: profile.profile }) });
    return 'problem' in disk ? [disk.problem, disk.hint] : undefined;
  },
  armed: ({ armed }) =>
    armed
      ? [`run ${armed.order.run} has armed it already`, 'wait for it, or lab disarm']
      : undefined,
  locked: ({ lockedBy }) => (lockedBy === '' ? undefined : [lockedBy, 'wait for that run to end']),
  lesson: judgeLesson,
  users: ({ users = [], usersUnknown }) => {
    if (usersUnknown !== undefined)
      return [
        `nobody knows who is logged in: ${usersUnknown}`,
        'look at the PC, then add --despite users',
      ];
    return users.length > 0
      ? [`${users.join(', ')} is logged in`, 'ask them, or add --despite users']
      : undefined;
  },
};

function judgeShared({ host }: Candidate, { hostsByMac }: GuardView): Said | undefined {
  for (const mac of wiredMacs(host)) {
    const others = (hostsByMac.get(mac) ?? []).filter((name) => name !== host.name);
    if (others.length > 0)
      return [
        `its MAC address ${mac} is that of ${others.join(', ')} too`,
        'correct the inventory',
      ];
  }
  return undefined;
}

function judgeLesson({ host, profile }: Candidate, { at }: GuardView): Said | undefined {
  const { lessons, unreadable } = parseLessons(host.room?.lessons ?? null);
  const hint = 'wait, or add --despite lesson';
  if (unreadable.length > 0)
    return [
      `the lessons of ${host.room?.name} cannot be read: ${unreadable.join(', ')}`,
      'write them such as "mon 08:00-11:40", or add --despite lesson',
    ];
  const lesson = findLesson(lessons, at, profile?.profile.minutes ?? 0);
  return lesson ? [`it would disturb the lesson ${lesson.text}`, hint] : undefined;
}
