import { sh } from '../../../model/command.ts';
import { type Action, done, type Planned, type UserState } from '../../../model/module.ts';
import { alter } from './outcome.ts';
import { script } from './script-action.ts';
import { ageWords, tellAccount } from './user-creation.ts';
import { expiresAsWanted, expiryDate } from './user-dates.ts';
import { groupNames, type UserArgs, type UserFound } from './user-found.ts';
import { makeHome } from './user-home.ts';
import { planKey } from './user-key.ts';
import { setPassword } from './user-password.ts';
import { type Outcome, predictUser, readOutcome, resultOf } from './user-result.ts';

type Edit = { readonly words: readonly (string | number)[]; readonly change: string };

/** Plans what differs of an account that is there. */
export function planModification(args: UserArgs, found: UserFound): Planned {
  const { name } = args;
  const { account } = found;
  const user = found.user as UserState;
  const edits = [...fieldEdits(args, found, user), ...shadowEdits(args, found)];
  const actions: Action[] = [];
  const changes = edits.map(({ change }) => change);
  if (edits.length > 0)
    actions.push(script(sh`usermod ${[...edits.flatMap(({ words }) => words), '--', name]}`));
  if (differsPassword(args, found)) {
    actions.push(setPassword(name, bare(args.password ?? ''), staysLocked(args)));
    changes.push(`changed the password of ${name}`);
  }
  const ages = ageWords(args, account);
  if (ages.length > 0 && user.predicted !== true) {
    actions.push(script(sh`chage ${[...ages, '--', name]}`));
    changes.push(`changed how long the password of ${name} is good`);
  }
  const home = args.home ?? user.home;
  if (
    args.create_home &&
    !account.has('home_exists') &&
    user.predicted !== true &&
    !args.move_home
  ) {
    actions.push(makeHome(name, home, args.skeleton));
    changes.push(`made the home ${home}`);
  }
  const { actions: keyActions, warnings } = planKey(args, found);
  if (keyActions.length > 0) changes.push(`made an SSH key for ${name}`);
  actions.push(...keyActions);
  const outcome: Outcome = {
    state: after(args, found, user),
    isNew: false,
    changes,
    warnings,
    key: account,
  };
  if (actions.length === 0) return done(resultOf(args, outcome));
  return alter({
    actions: [...actions, script(tellAccount(args))],
    result: resultOf(args, outcome),
    predict: predictUser(args, found, outcome.state),
    next: (ran) => readOutcome(args, outcome, ran),
  });
}

function after(args: UserArgs, found: UserFound, user: UserState): Outcome['state'] {
  const gid = args.group === undefined ? undefined : found.groups.get(args.group)?.gid;
  const { uid = user.uid, comment = user.comment, home = user.home, shell = user.shell } = args;
  return { name: args.name, uid, gid: gid ?? user.gid, comment, home, shell };
}

function fieldEdits(args: UserArgs, found: UserFound, user: UserState): readonly Edit[] {
  const { name, uid, comment, home, shell } = args;
  const edits: Edit[] = [];
  const edit = (change: string, ...words: (string | number)[]) => edits.push({ words, change });
  if (uid !== undefined && uid !== user.uid)
    edit(`gave ${name} the number ${String(uid)}`, '-u', uid, ...(args.non_unique ? ['-o'] : []));
  const gid = args.group ? found.groups.get(args.group)?.gid : undefined;
  if (gid !== undefined && gid !== user.gid)
    edit(`gave ${name} the group ${args.group}`, '-g', gid);
  edits.push(...groupEdits(args, found, user));
  if (comment !== undefined && comment !== user.comment)
    edit(`changed the comment of ${name}`, '-c', comment);
  if (home !== undefined && home !== user.home)
    edit(`gave ${name} the home ${home}`, '-d', home, ...(args.move_home ? ['-m'] : []));
  if (shell !== undefined && shell !== user.shell)
    edit(`gave ${name} the shell ${shell}`, '-s', shell);
  return edits;
}

function groupEdits(args: UserArgs, found: UserFound, user: UserState): readonly Edit[] {
  if (args.groups === undefined) return [];
  const wanted = groupNames(args, found).filter((name) => name !== user.group);
  const missing = wanted.filter((name) => !user.groups.includes(name));
  const surplus = user.groups.filter((name) => !wanted.includes(name));
  if (args.append) {
    if (missing.length === 0) return [];
    const change = `added ${args.name} to ${missing.join(', ')}`;
    return [{ words: ['-a', '-G', missing.join(',')], change }];
  }
  if (missing.length + surplus.length === 0) return [];
  const change = `put ${args.name} into ${wanted.join(', ') || 'no further groups'}`;
  return [{ words: ['-G', wanted.join(',')], change }];
}

function shadowEdits(args: UserArgs, { account, user }: UserFound): readonly Edit[] {
  if (user?.predicted === true) return [];
  const { name, expires, password_lock: lock } = args;
  const edits: Edit[] = [];
  if (expires !== undefined && !expiresAsWanted(account.get('expire'), expires))
    edits.push({ words: ['-e', expiryDate(expires)], change: `changed when ${name} expires` });
  // with a new password the lock travels in its text
  if (lock === undefined || differsPassword(args, { account, user, groups: new Map() }))
    return edits;
  if (lock && !account.has('locked')) edits.push({ words: ['-L'], change: `locked ${name}` });
  if (!lock && account.has('locked')) edits.push({ words: ['-U'], change: `unlocked ${name}` });
  return edits;
}

function differsPassword(args: UserArgs, { account }: UserFound): boolean {
  if (args.password === undefined || args.update_password !== 'always') return false;
  return account.get('password') === 'other';
}

function bare(password: string): string {
  return password.replace(/^!+/, '');
}

function staysLocked({ password = '', password_lock }: UserArgs): boolean {
  return password_lock === true || password.startsWith('!');
}
