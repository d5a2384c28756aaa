import type { GroupState, Ran, UserState } from '../../../model/module.ts';
import { readAnswers } from './answers.ts';

/** The arguments of the `user` module. */
export interface UserArgs {
  readonly name: string;
  readonly state: string;
  readonly uid: number | undefined;
  readonly non_unique: boolean;
  readonly group: string | undefined;
  readonly groups: readonly string[] | undefined;
  readonly append: boolean;
  readonly comment: string | undefined;
  readonly home: string | undefined;
  readonly create_home: boolean;
  readonly move_home: boolean;
  readonly skeleton: string | undefined;
  readonly umask: string | undefined;
  readonly shell: string | undefined;
  readonly system: boolean;
  readonly seuser: string | undefined;
  readonly expires: number | undefined;
  readonly password: string | undefined;
  readonly update_password: string;
  readonly password_lock: boolean | undefined;
  readonly password_expire_max: number | undefined;
  readonly password_expire_min: number | undefined;
  readonly generate_ssh_key: boolean;
  readonly ssh_key_bits: number | undefined;
  readonly ssh_key_comment: string;
  readonly ssh_key_file: string | undefined;
  readonly ssh_key_passphrase: string | undefined;
  readonly ssh_key_type: string;
  readonly force: boolean;
  readonly remove: boolean;
  readonly local: boolean;
  readonly hidden: boolean | undefined;
  readonly login_class: string | undefined;
  readonly profile: string | undefined;
  readonly authorization: string | undefined;
  readonly role: string | undefined;
}

/** What the host knows of an account. */
export interface UserFound {
  readonly user: UserState | undefined;
  /** By the name or number asked for. */
  readonly groups: ReadonlyMap<string, GroupState | undefined>;
  /** Lines of the account script by name. */
  readonly account: ReadonlyMap<string, string>;
}

/** Sorts the answers of the probes, which are named `user`, `account` and `group NAME`. */
export function findUser(
  { local }: UserArgs,
  answers: { readonly [probe: string]: unknown },
): UserFound {
  const account = readAnswers((answers['account'] as Ran).stdout);
  const user = answers['user'] as UserState | undefined;
  const groups = Object.entries(answers)
    .filter(([probe]) => probe.startsWith('group '))
    .map(([probe, state]) => [probe.slice(6), state as GroupState | undefined] as const);
  // an account of a directory service is none of this host's own
  const isForeign = local && user?.predicted !== true && account.get('own') !== 'yes';
  return { user: isForeign ? undefined : user, groups: new Map(groups), account };
}

/** Names of supplementary groups, as the host spells them, without doubles. */
export function groupNames(args: UserArgs, found: UserFound): readonly string[] {
  const wanted = (args.groups ?? []).filter(Boolean);
  return Array.from(new Set(wanted.map((name) => found.groups.get(name)?.name ?? name)));
}
