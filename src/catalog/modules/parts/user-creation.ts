import { sh } from '../../../model/command.ts';
import type { Action, Planned } from '../../../model/module.ts';
import { alter } from './outcome.ts';
import { script } from './script-action.ts';
import { expiryDate } from './user-dates.ts';
import { groupNames, type UserArgs, type UserFound } from './user-found.ts';
import { makeHome } from './user-home.ts';
import { planKey } from './user-key.ts';
import { setPassword } from './user-password.ts';
import { accountScript } from './user-probe.ts';
import { type Outcome, predictUser, readOutcome, resultOf } from './user-result.ts';

/** Plans an account that is not there. */
export function planCreation(args: UserArgs, found: UserFound): Planned {
  const { name, home, create_home, password } = args;
  const { actions: keyActions, warnings } = planKey(args, found);
  const actions: Action[] = [script(sh`useradd ${wordsOf(args, found)}`)];
  if (create_home && found.account.has('parent_missing') && home !== undefined)
    actions.push(makeHome(name, home, args.skeleton));
  if (password !== undefined)
    actions.push(setPassword(name, password, args.password_lock === true));
  const ages = ageWords(args);
  if (ages.length > 0) actions.push(script(sh`chage ${[...ages, '--', name]}`));
  actions.push(...keyActions, script(tellAccount(args)));
  const outcome: Outcome = { ...expected(args, found), warnings };
  return alter({
    actions,
    result: resultOf(args, outcome),
    predict: predictUser(args, found, outcome.state),
    next: (ran) => readOutcome(args, outcome, ran),
  });
}

function expected(args: UserArgs, found: UserFound): Omit<Outcome, 'warnings'> {
  const { name, comment = '', shell = '', home = `/home/${name}` } = args;
  const gid = found.groups.get(args.group ?? '')?.gid ?? args.uid ?? -1;
  return {
    state: { name, uid: args.uid ?? -1, gid, comment, home, shell },
    isNew: true,
    changes: [`added user ${name}`],
    key: new Map(),
  };
}

function wordsOf(args: UserArgs, found: UserFound): readonly (string | number)[] {
  const { uid, group, comment, home, shell, expires, name } = args;
  const groups = groupNames(args, found);
  // a group of the account's name would make useradd refuse
  const hasOwnGroup = found.groups.get(name) !== undefined;
  const primary = group !== undefined && group !== '' ? ['-g', group] : hasOwnGroup ? ['-N'] : [];
  return [
    ...(uid === undefined ? [] : ['-u', uid, ...(args.non_unique ? ['-o'] : [])]),
    ...(args.seuser === undefined ? [] : ['-Z', args.seuser]),
    ...primary,
    ...(groups.length === 0 ? [] : ['-G', groups.join(',')]),
    ...(comment === undefined ? [] : ['-c', comment]),
    ...(home === undefined ? [] : ['-d', home]),
    ...(shell === undefined ? [] : ['-s', shell]),
    ...(expires === undefined ? [] : ['-e', expiryDate(expires)]),
    ...homeWords(args, found),
    ...(args.system ? ['-r'] : []),
    '--',
    name,
  ];
}

// useradd cannot make a home below a folder that is missing
function homeWords({ create_home, skeleton, umask }: UserArgs, found: UserFound): string[] {
  if (!create_home || found.account.has('parent_missing')) return ['-M'];
  return [
    '-m',
    ...(skeleton === undefined ? [] : ['-k', skeleton]),
    ...(umask === undefined ? [] : ['-K', `UMASK=${umask}`]),
  ];
}

/** Words of chage(1) for the ages of a password that differ from what shadow(5) says. */
export function ageWords(args: UserArgs, account?: ReadonlyMap<string, string>): string[] {
  const { password_expire_min: min, password_expire_max: max } = args;
  return [
    ...(min === undefined || Number(account?.get('min') || -1) === min ? [] : ['-m', String(min)]),
    ...(max === undefined || Number(account?.get('max') || -1) === max ? [] : ['-M', String(max)]),
  ];
}

/** Prints the account as it is now. */
export function tellAccount(args: UserArgs) {
  return sh`echo "passwd=$(getent passwd ${args.name} 2>/dev/null || grep ${`^${args.name}:`} /etc/passwd)"
${{ script: accountScript({ ...args, password: undefined, home: undefined }).script }}`;
}
