import { type ArgTable, bool, int, str, texts } from '../../../model/arguments.ts';

/** Arguments of the `dnf` module, by Ansible's names. */
export interface DnfArgs {
  name: readonly string[] | undefined;
  state: string | undefined;
  autoremove: boolean;
  update_cache: boolean;
  update_only: boolean;
  allow_downgrade: boolean;
  allowerasing: boolean;
  nobest: boolean;
  skip_broken: boolean;
  security: boolean;
  bugfix: boolean;
  cacheonly: boolean;
  conf_file: string | undefined;
  disable_excludes: string | undefined;
  disable_gpg_check: boolean;
  disable_plugin: readonly string[];
  enable_plugin: readonly string[];
  disablerepo: readonly string[];
  enablerepo: readonly string[];
  exclude: readonly string[];
  download_only: boolean;
  download_dir: string | undefined;
  install_weak_deps: boolean;
  installroot: string;
  releasever: string | undefined;
  sslverify: boolean;
  lock_timeout: number;
  install_repoquery: boolean;
  validate_certs: boolean;
  use_backend: string;
}

const no = { fallback: false } as const;
const none = { fallback: [] as readonly string[] };

export const dnfArgs: ArgTable<DnfArgs> = {
  name: texts({ aliases: ['pkg'] }),
  state: str({ choices: ['absent', 'present', 'installed', 'removed', 'latest'] }),
  autoremove: bool(no),
  update_cache: bool({ ...no, aliases: ['expire-cache'] }),
  update_only: bool(no),
  allow_downgrade: bool(no),
  allowerasing: bool(no),
  nobest: bool(no),
  skip_broken: bool(no),
  security: bool(no),
  bugfix: bool(no),
  cacheonly: bool(no),
  conf_file: str(),
  disable_excludes: str(),
  disable_gpg_check: bool(no),
  disable_plugin: texts(none),
  enable_plugin: texts(none),
  disablerepo: texts(none),
  enablerepo: texts(none),
  exclude: texts(none),
  download_only: bool(no),
  download_dir: str(),
  install_weak_deps: bool({ fallback: true }),
  installroot: str({ fallback: '/' }),
  releasever: str(),
  sslverify: bool({ fallback: true }),
  lock_timeout: int({ fallback: 30 }),
  install_repoquery: bool({ fallback: true, ignored: 'dnf needs no repoquery' }),
  validate_certs: bool({ fallback: true, ignored: 'sslverify decides for addresses too' }),
  use_backend: str({ fallback: 'auto', ignored: 'what the host has is used: dnf, else yum' }),
};

/** dnf's options that follow from the arguments (dnf(8)), before its command. */
export function dnfOptions(args: DnfArgs): string[] {
  const { disable_excludes: excludes } = args;
  const flags: readonly (readonly [boolean, string])[] = [
    [args.update_cache, '--refresh'],
    [args.allowerasing, '--allowerasing'],
    [args.nobest, '--nobest'],
    [args.skip_broken, '--skip-broken'],
    [args.security, '--security'],
    [args.bugfix, '--bugfix'],
    [args.cacheonly, '-C'],
    [args.disable_gpg_check, '--nogpgcheck'],
    [args.download_only, '--downloadonly'],
    [!args.install_weak_deps, '--setopt=install_weak_deps=0'],
    [!args.sslverify, '--setopt=sslverify=0'],
  ];
  const valued: readonly (readonly [string, string | undefined])[] = [
    ['--config', args.conf_file],
    ['--disableexcludes', excludes],
    ['--downloaddir', args.download_dir],
    ['--installroot', args.installroot === '/' ? undefined : args.installroot],
    ['--releasever', args.releasever],
    ...args.disable_plugin.map((item) => ['--disableplugin', item] as const),
    ...args.enable_plugin.map((item) => ['--enableplugin', item] as const),
    ...args.disablerepo.map((item) => ['--disablerepo', item] as const),
    ...args.enablerepo.map((item) => ['--enablerepo', item] as const),
    ...args.exclude.map((item) => ['--exclude', item] as const),
  ];
  return [
    ...flags.flatMap(([wanted, word]) => (wanted ? [word] : [])),
    ...valued.flatMap(([word, value]) => (value === undefined ? [] : [`${word}=${value}`])),
  ];
}

/** Problems between arguments. */
export function checkDnfArgs(
  args: DnfArgs,
  isRendered: (name: keyof DnfArgs & string) => boolean,
): readonly string[] {
  if (args.name === undefined && isRendered('name') && !args.autoremove && !args.update_cache)
    return ['name, autoremove or update_cache is needed'];
  if (args.autoremove && args.state !== undefined && !isAbsent(args.state))
    return ['autoremove goes with state: absent, or alone'];
  return args.download_dir !== undefined && !args.download_only && isRendered('download_only')
    ? ['download_dir goes with download_only']
    : [];
}

/** Whether a state says: not be there. */
export function isAbsent(state: string | undefined): boolean {
  return state === 'absent' || state === 'removed';
}
