import type { BootOrder, DiskRule } from '../../model/boot.ts';
import type { Vars } from '../../model/value.ts';
import { digestOf, digestProfile } from '../profile-digest.ts';
import { selectDisk } from './disk-rule.ts';
import {
  type Candidate,
  type GuardView,
  judgeCandidate,
  type Refusal,
  wiredMacs,
} from './guards.ts';

/** What will happen to one host, as it is shown before anybody confirms it, and frozen from then on. */
export interface ReinstallRow {
  readonly host: string;
  readonly room: string;
  readonly seat: string;
  /** Who answers for it; a name, or ''. */
  readonly owner: string;
  readonly macs: readonly string[];
  readonly uuid: string;
  readonly serial: string;
  readonly profile: string;
  readonly origin: string;
  readonly profileDigest: string;
  readonly disk: DiskRule;
  readonly diskShown: string;
  /** The system it had when it was last asked, and when (ISO 8601); both '' when nobody asked. */
  readonly system: string;
  readonly systemAt: string;
  /** Who is logged in; undefined where it was not asked. */
  readonly users?: readonly string[];
  /** Why nobody knows who is logged in; absent where it was asked, or is off. */
  readonly usersUnknown?: string;
  readonly minutes: number;
  readonly playbook: string;
  /** SHA-256 (hex) over everything that decides what happens to the host. */
  readonly digest: string;
}

/** A reinstallation as it is shown and confirmed: nobody else is ever armed. */
export interface ReinstallPlan {
  readonly rows: readonly ReinstallRow[];
  readonly refused: readonly Refusal[];
  /** SHA-256 (hex) over the rows: what a confirmation is good for. */
  readonly digest: string;
}

/** Plans the reinstallation of hosts: who is let through, with what; who is not, and why. */
export function planRows(candidates: readonly Candidate[], view: GuardView): ReinstallPlan {
  const judged = candidates.map((candidate) => ({
    candidate,
    refusals: judgeCandidate(candidate, view),
  }));
  const rows = judged.flatMap(({ candidate, refusals }) =>
    refusals.length === 0 ? makeRow(candidate) : [],
  );
  const refused = judged.flatMap(({ refusals: [first] }) => (first ? [first] : []));
  return { rows, refused, digest: digestOf(rows.map(({ digest }) => digest)) };
}

/** What one host would get; nothing where a guard should have said no. */
function makeRow({ host, profile, last, users, usersUnknown }: Candidate): ReinstallRow[] {
  if (!profile) return [];
  const disk = selectDisk(host, { ...(last && { facts: last.facts }), profile: profile.profile });
  if ('problem' in disk) return [];
  const decided = {
    host: host.name,
    macs: wiredMacs(host),
    uuid: host.uuid.toLowerCase(),
    serial: host.serial,
    profile: profile.name,
    profileDigest: digestProfile(profile),
    disk: disk.rule,
    playbook: profile.playbook,
  };
  return [
    {
      ...decided,
      ...(users && { users }),
      ...(usersUnknown !== undefined && { usersUnknown }),
      room: host.room?.name ?? '',
      seat: host.seat,
      owner: host.owner.name,
      origin: profile.origin,
      diskShown: disk.shown,
      system: systemOf(last?.facts),
      systemAt: last?.at ?? '',
      minutes: profile.profile.minutes,
      digest: digestOf({ ...decided, address: host.connection.address, ip: host.ip }),
    },
  ];
}

/** What a host is armed with: the row that was confirmed, and nothing else. */
export function makeOrder(
  row: ReinstallRow,
  more: Pick<BootOrder, 'id' | 'run' | 'armedAt' | 'expiresAt'>,
): BootOrder {
  const { host, macs, uuid, serial, profile, profileDigest, disk } = row;
  return { ...more, host, macs, uuid, serial, profile, profileDigest, disk };
}

function systemOf(facts: Vars | undefined): string {
  const text = (name: string): string => {
    const value = facts?.[name];
    return typeof value === 'string' ? value : '';
  };
  return `${text('ansible_distribution')} ${text('ansible_distribution_version')}`.trim();
}
