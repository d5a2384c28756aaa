import {
  type Done,
  done,
  type Prediction,
  type Ran,
  type UserState,
} from '../../../model/module.ts';
import { makeVars, type Value, type Vars } from '../../../model/value.ts';
import { readAnswers } from './answers.ts';
import { groupNames, type UserArgs, type UserFound } from './user-found.ts';
import { passwordWarning } from './user-password.ts';

/** What is known of an account after the task. */
export interface Outcome {
  readonly state: Omit<UserState, 'groups' | 'group'>;
  readonly isNew: boolean;
  readonly changes: readonly string[];
  readonly warnings: readonly string[];
  readonly key: ReadonlyMap<string, string>;
}

/** The module's result, as Ansible words it. */
export function resultOf(args: UserArgs, outcome: Outcome) {
  const { changes } = outcome;
  const warning = passwordWarning(args.password);
  const warnings = [...(warning === undefined ? [] : [warning]), ...outcome.warnings];
  return {
    changed: changes.length > 0,
    values: valuesOf(args, outcome),
    changes,
    ...(warnings.length > 0 && { warnings }),
  };
}

function valuesOf(args: UserArgs, { state, isNew, key }: Outcome): Vars {
  const created = { system: args.system, create_home: args.create_home };
  const modified = { append: args.append, move_home: args.move_home };
  const entries: [string, Value][] = [
    ['name', args.name],
    ['state', 'present'],
    ...Object.entries(isNew ? created : modified),
    ...(state.uid < 0 ? [] : [['uid', state.uid] as [string, Value]]),
    ...(state.gid < 0 ? [] : [['group', state.gid] as [string, Value]]),
    ['comment', state.comment],
    ['home', state.home],
    ['shell', state.shell],
  ];
  if (args.groups !== undefined) entries.push(['groups', args.groups.join(',')]);
  if (args.password !== undefined) entries.push(['password', 'NOT_LOGGING_PASSWORD']);
  if (!args.generate_ssh_key) return makeVars(entries);
  const names = { ssh_key_file: 'key', ssh_fingerprint: 'fingerprint', ssh_public_key: 'public' };
  for (const [name, line] of Object.entries(names)) entries.push([name, key.get(line) ?? null]);
  return makeVars(entries);
}

/** The end of a task that altered an account: the last script printed it as the account script and `passwd=` tell. */
export function readOutcome(args: UserArgs, outcome: Outcome, ran: readonly Ran[]): Done {
  const key = readAnswers(ran.at(-1)?.stdout ?? '');
  const [, , uid, gid, comment = '', home = '', shell = ''] = (key.get('passwd') ?? '').split(':');
  const state = { name: args.name, uid: Number(uid), gid: Number(gid), comment, home, shell };
  return done(resultOf(args, { ...outcome, key, ...(uid !== undefined && { state }) }));
}

/** What check mode will know of the account. */
export function predictUser(
  args: UserArgs,
  found: UserFound,
  state: Outcome['state'],
): Prediction[] {
  const wanted = args.groups === undefined ? undefined : groupNames(args, found);
  const before = found.user?.groups ?? [];
  const groups = wanted === undefined ? before : args.append ? [...before, ...wanted] : wanted;
  const group = args.group ?? found.user?.group ?? args.name;
  const predictions: Prediction[] = [
    { user: args.name, state: { ...state, group, groups: Array.from(new Set(groups)).sort() } },
  ];
  if (args.create_home && state.home !== '')
    predictions.push({ path: state.home, state: { kind: 'directory' } });
  if (found.user === undefined && args.group === undefined && !args.system)
    predictions.push({ group: args.name, state: { name: args.name, gid: state.gid, members: [] } });
  return predictions;
}
