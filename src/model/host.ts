import type { Position } from './problem.ts';
import type { Value, Vars } from './value.ts';

/** A network interface of a host; `addr` is lower-case with colons. */
export interface HostMac {
  readonly addr: string;
  readonly role: 'wired' | 'wifi' | 'dock' | 'bmc';
  readonly primary: boolean;
}

/** The person who answers for a host. All fields are text as typed: a staff number keeps its zeros. */
export interface Owner {
  readonly name: string;
  readonly id: string;
  readonly department: string;
  readonly phone: string;
}

export const hostClasses = [
  'student',
  'teacher',
  'classroom',
  'office',
  'notebook',
  'server',
  'thin',
  'printer',
] as const;
export type HostClass = (typeof hostClasses)[number];
export const hostStatuses = ['active', 'broken', 'spare', 'loaned', 'retired'] as const;
export type HostStatus = (typeof hostStatuses)[number];
export const ownerships = ['school', 'private'] as const;
export type Ownership = (typeof ownerships)[number];

/** A group with a `room` variable. Empty text where nothing was written. */
export interface Room {
  /** The group's name. */
  readonly name: string;
  readonly title: string;
  readonly kind: string;
  readonly maintainer: string;
  readonly subnet: string;
  readonly gateway: string;
  readonly vlan: string;
  /** Seats in one row of the seat map; 0 when not written. */
  readonly columns: number;
  readonly lessons: Value;
  readonly at: Position;
}

/** How to reach a host: Ansible's connection variables, resolved. Secrets are not in here: see `secretOf`. */
export interface ConnectionSettings {
  readonly kind: 'ssh' | 'local' | 'winrm';
  /** `ansible_host`, else `ip`, else the host's name. */
  readonly address: string;
  readonly port?: number;
  readonly user?: string;
  readonly keyFile?: string;
  /** `ansible_ssh_common_args` and `ansible_ssh_extra_args`, as typed. */
  readonly sshArgs: string;
  readonly shellType: string;
  readonly become: boolean;
  readonly becomeUser: string;
  readonly becomeMethod: string;
  readonly becomeFlags: string;
}

/** One PC as the inventory describes it: the resolved form. Identity fields keep what was typed; '' where nothing was written. */
export interface Host {
  readonly name: string;
  /** All groups it is in, without `all`, in the order of Ansible's `group_names` (sorted). */
  readonly groups: readonly string[];
  readonly room?: Room;
  readonly seat: string;
  /** The primary interface's address, or ''. */
  readonly mac: string;
  readonly macs: readonly HostMac[];
  /** The registered address, or ''. */
  readonly ip: string;
  readonly owner: Owner;
  readonly asset: string;
  readonly serial: string;
  readonly uuid: string;
  readonly model: string;
  readonly class: HostClass | '';
  readonly ownership: Ownership;
  readonly status: HostStatus;
  readonly switchPort: string;
  readonly vlan: string;
  readonly profile: string;
  readonly protected: boolean;
  readonly power: Value;
  /** Every effective inventory variable, typed as Ansible types it. */
  readonly vars: Vars;
  readonly connection: ConnectionSettings;
  /** Where the host itself was first written. */
  readonly at: Position;
  /** Where the value of a variable that is in effect was written; undefined for one nobody wrote. */
  originOf(variable: string): Position | undefined;
}

/** A named set of hosts. `hosts` are direct members only. */
export interface Group {
  readonly name: string;
  readonly children: readonly string[];
  readonly hosts: readonly string[];
  readonly vars: Vars;
  readonly room?: Room;
}

/** All hosts, in the order Ansible lists them. */
export interface Inventory {
  readonly hosts: readonly Host[];
  readonly groups: readonly Group[];
  readonly rooms: readonly Room[];
  /** The files it was read from, in the order they were read. */
  readonly files: readonly string[];
}
