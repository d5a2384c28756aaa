import { type Arg, type ArgTable, bool, int, path, str, texts } from '../../../model/arguments.ts';

/** Arguments of the `apt` module, by Ansible's names. */
export interface AptArgs {
  name: readonly string[] | undefined;
  state: string;
  update_cache: boolean | undefined;
  cache_valid_time: number;
  update_cache_retries: number;
  update_cache_retry_max_delay: number;
  upgrade: string;
  autoremove: boolean;
  autoclean: boolean;
  clean: boolean;
  purge: boolean;
  deb: string | undefined;
  default_release: string | undefined;
  install_recommends: boolean | undefined;
  force: boolean;
  allow_unauthenticated: boolean;
  allow_downgrade: boolean;
  allow_change_held_packages: boolean;
  fail_on_autoremove: boolean;
  only_upgrade: boolean;
  dpkg_options: string;
  lock_timeout: number;
  policy_rc_d: number | undefined;
  force_apt_get: boolean;
}

const upgradeWords = str({ fallback: 'no', choices: ['dist', 'full', 'no', 'safe', 'yes'] });

/** YAML reads `upgrade: yes` as true. */
const upgrade: Arg<string> = {
  ...upgradeWords,
  read: (value) =>
    upgradeWords.read(typeof value === 'boolean' ? (value ? 'yes' : 'no') : (value ?? 'no')),
};

/** A word of `words`, with Ansible's older spellings of it. */
const states: Arg<string> = str({
  fallback: 'present',
  choices: ['present', 'installed', 'latest', 'absent', 'removed', 'build-dep', 'fixed'],
});

export const aptArgs: ArgTable<AptArgs> = {
  name: texts({ aliases: ['package', 'pkg'] }),
  state: states,
  update_cache: bool({ aliases: ['update-cache'] }),
  cache_valid_time: int({ fallback: 0 }),
  update_cache_retries: int({ fallback: 5 }),
  update_cache_retry_max_delay: int({ fallback: 12 }),
  upgrade,
  autoremove: bool({ fallback: false }),
  autoclean: bool({ fallback: false }),
  clean: bool({ fallback: false }),
  purge: bool({ fallback: false }),
  deb: path(),
  default_release: str({ aliases: ['default-release'] }),
  install_recommends: bool({ aliases: ['install-recommends'] }),
  force: bool({ fallback: false }),
  allow_unauthenticated: bool({ fallback: false, aliases: ['allow-unauthenticated'] }),
  allow_downgrade: bool({
    fallback: false,
    aliases: ['allow-downgrade', 'allow_downgrades', 'allow-downgrades'],
  }),
  allow_change_held_packages: bool({ fallback: false }),
  fail_on_autoremove: bool({ fallback: false }),
  only_upgrade: bool({ fallback: false }),
  dpkg_options: str({ fallback: 'force-confdef,force-confold' }),
  lock_timeout: int({ fallback: 60 }),
  policy_rc_d: int(),
  force_apt_get: bool({ fallback: false, ignored: 'apt-get is always used, never aptitude' }),
};

/** Problems between arguments, as Ansible's: one thing at a time. */
export function checkAptArgs(
  args: AptArgs,
  isRendered: (name: keyof AptArgs & string) => boolean,
): readonly string[] {
  const problems: string[] = [];
  const upgrades = isRendered('upgrade') && args.upgrade !== 'no';
  const asked = [
    args.name === undefined ? '' : 'name',
    args.deb === undefined ? '' : 'deb',
    upgrades ? 'upgrade' : '',
  ].filter(Boolean);
  if (asked.length > 1) problems.push(`${asked.join(' and ')} cannot be used together`);
  if (args.deb !== undefined && isRendered('state') && !isPresent(args.state))
    problems.push('deb only supports state=present');
  return problems;
}

/** Whether a state says no more than: be there. */
export function isPresent(state: string): boolean {
  return state === 'present' || state === 'installed';
}

/** apt-get's options that follow from the arguments, without the command. */
export function aptOptions(args: AptArgs): string[] {
  const dpkg = args.dpkg_options.split(',').map((option) => option.trim());
  const flags: readonly (readonly [boolean, readonly string[]])[] = [
    [args.allow_unauthenticated || args.force, ['--allow-unauthenticated']],
    [args.allow_downgrade || args.force, ['--allow-downgrades']],
    [args.allow_change_held_packages || args.force, ['--allow-change-held-packages']],
    [args.force, ['--allow-remove-essential']],
    [args.fail_on_autoremove, ['--no-remove']],
  ];
  return [
    '-y',
    ...dpkg.filter(Boolean).flatMap((option) => ['-o', `Dpkg::Options::=--${option}`]),
    ...flags.flatMap(([wanted, words]) => (wanted ? words : [])),
  ];
}
