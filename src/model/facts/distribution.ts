import { makeVars, type Vars } from '../value.ts';
import { type HostFiles, linesOf, textOf } from './read-files.ts';

/** The system's name, version and family, with the words Ansible uses for them. */
export function readDistribution(files: HostFiles): Vars {
  const release = readOsRelease(files);
  const name = nameOf(files, release);
  const version = versionOf(files, release, name);
  const codename =
    release.get('VERSION_CODENAME') ??
    release.get('UBUNTU_CODENAME') ??
    /\(([^)]+)\)/.exec(release.get('VERSION') ?? '')?.[1] ??
    'NA';
  const point =
    name === 'Debian'
      ? /\d+\.(\d+)/.exec(textOf(files, '/etc/debian_version') ?? '')?.[1]
      : undefined;
  return makeVars([
    ['ansible_distribution', name],
    ['ansible_distribution_version', version],
    ['ansible_distribution_major_version', version.split('.')[0] ?? 'NA'],
    ...(point === undefined ? [] : [['ansible_distribution_minor_version', point] as const]),
    ['ansible_distribution_release', isStream(files) ? 'Stream' : codename],
    ['ansible_os_family', families.find(([, names]) => names.includes(name))?.[0] ?? name],
  ]);
}

/** os-release(5): shell-like assignments. */
function readOsRelease(files: HostFiles): ReadonlyMap<string, string> {
  const path = files.has('/etc/os-release') ? '/etc/os-release' : '/usr/lib/os-release';
  const entries = linesOf(files, path).flatMap((line) => {
    const [, key, value = ''] = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line.trim()) ?? [];
    return key === undefined ? [] : [[key, value.replaceAll(/^(["'])(.*)\1$/g, '$2')] as const];
  });
  return new Map(entries.filter(([, value]) => value !== ''));
}

const byWord: readonly (readonly [RegExp, string])[] = [
  [/Debian|Raspbian/, 'Debian'],
  [/Ubuntu/, 'Ubuntu'],
  [/SteamOS/, 'SteamOS'],
  [/Kali/, 'Kali'],
  [/Parrot/, 'Parrot'],
  [/Devuan/, 'Devuan'],
  [/Mint/, 'Linux Mint'],
  [/UOS|Uos|uos/, 'Uos'],
  [/[Dd]eepin/, 'Deepin'],
];

/** Ansible asks in this order: files of the Red Hat family, then the words anywhere in os-release, then its NAME. */
function nameOf(files: HostFiles, release: ReadonlyMap<string, string>): string {
  if (isStream(files)) return 'CentOS';
  const redHat = textOf(files, '/etc/redhat-release');
  if (redHat !== undefined)
    return redHat.includes('Red Hat') ? 'RedHat' : (redHat.split(/\s/)[0] ?? 'NA');
  if (files.has('/etc/alpine-release')) return 'Alpine';
  const whole = files.get('/etc/os-release') ?? '';
  if (whole.includes('Amazon')) return 'Amazon';
  if (whole.includes('Arch Linux')) return 'Archlinux';
  if (/suse/i.test(whole)) return release.get('NAME') ?? 'SUSE';
  return byWord.find(([word]) => word.test(whole))?.[1] ?? release.get('NAME') ?? 'NA';
}

function versionOf(files: HostFiles, release: ReadonlyMap<string, string>, name: string): string {
  const exact =
    name === 'Debian'
      ? /^\d+\.\d+/.exec(textOf(files, '/etc/debian_version') ?? '')?.[0]
      : name === 'CentOS' && !isStream(files)
        ? /\d+(?:\.\d+)+/.exec(textOf(files, '/etc/redhat-release') ?? '')?.[0]
        : name === 'Alpine'
          ? textOf(files, '/etc/alpine-release')
          : undefined;
  return exact ?? release.get('VERSION_ID') ?? release.get('VERSION') ?? 'NA';
}

function isStream(files: HostFiles): boolean {
  return (files.get('/etc/centos-release') ?? '').includes('CentOS Stream');
}

/** As Ansible maps them (module setup, system/distribution); any other name is its own family. */
const families: readonly (readonly [string, readonly string[]])[] = [
  [
    'RedHat',
    'RedHat|RHEL|Fedora|CentOS|Scientific|SLC|OracleLinux|Amazon|Virtuozzo|XenServer|Alibaba|EulerOS|openEuler|AlmaLinux|Rocky|TencentOS|EuroLinux|Kylin Linux Advanced Server'.split(
      '|',
    ),
  ],
  [
    'Debian',
    'Debian|Ubuntu|Raspbian|Neon|KDE neon|Linux Mint|SteamOS|Devuan|Kali|Cumulus Linux|Pop!_OS|Parrot|Pardus GNU/Linux|Uos|Deepin|OSMC'.split(
      '|',
    ),
  ],
  [
    'Suse',
    'SuSE|SLES|SLED|openSUSE|openSUSE Tumbleweed|SLES_SAP|SUSE_LINUX|openSUSE Leap'.split('|'),
  ],
  ['Archlinux', 'Archlinux|Antergos|Manjaro'.split('|')],
  ['Gentoo', ['Gentoo', 'Funtoo']],
];

/** Which file says what the system is, and the name Ansible has for its kind. */
export function readDistributionFile(files: HostFiles, facts: Vars): Vars {
  const name = String(facts['ansible_distribution']);
  const path = files.has('/etc/redhat-release')
    ? '/etc/redhat-release'
    : files.has('/etc/alpine-release')
      ? '/etc/alpine-release'
      : '/etc/os-release';
  const variety =
    path === '/etc/redhat-release'
      ? name === 'CentOS'
        ? 'CentOS'
        : 'RedHat'
      : facts['ansible_os_family'] === 'Debian'
        ? 'Debian'
        : facts['ansible_os_family'] === 'Suse'
          ? 'SUSE'
          : name;
  return makeVars([
    ['ansible_distribution_file_path', path],
    ['ansible_distribution_file_variety', variety],
    ['ansible_distribution_file_parsed', true],
  ]);
}

/** What `lsb_release -a` would say, without starting it: it is slow, and reads the same files. */
export function readLsb(files: HostFiles, isInstalled: boolean): Vars {
  const release = readOsRelease(files);
  const lsb = new Map(
    linesOf(files, '/etc/lsb-release').flatMap((line) => {
      const [, key = '', value = ''] = /^DISTRIB_([A-Z]+)=["']?(.*?)["']?$/.exec(line.trim()) ?? [];
      return key === '' ? [] : [[key, value] as const];
    }),
  );
  if (lsb.size === 0 && !isInstalled) return makeVars([['ansible_lsb', makeVars()]]);
  const id = release.get('ID') ?? '';
  const entries = [
    ['id', lsb.get('ID') ?? id.slice(0, 1).toUpperCase() + id.slice(1)],
    ['description', lsb.get('DESCRIPTION') ?? release.get('PRETTY_NAME')],
    ['release', lsb.get('RELEASE') ?? release.get('VERSION_ID')],
    ['codename', lsb.get('CODENAME') ?? release.get('VERSION_CODENAME')],
    ['major_release', (lsb.get('RELEASE') ?? release.get('VERSION_ID'))?.split('.')[0]],
  ] as const;
  const told = entries.flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  return makeVars([['ansible_lsb', makeVars(told)]]);
}
