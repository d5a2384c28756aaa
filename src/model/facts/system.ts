import { makeVars, type Value, type Vars } from '../value.ts';
import { type HostFiles, linesOf, namesUnder, textOf } from './read-files.ts';

/** What the section `system` of the facts script said. */
export interface SystemAnswer {
  readonly machine: string;
  readonly id: string;
  /** The user's line of the user database (getent(1)). */
  readonly passwd: string;
  readonly date: string;
  /** Time zone and offset half a year on. */
  readonly later: string;
  readonly bits: string;
  readonly caps: string;
  readonly chroot: string;
  readonly init: string;
  readonly programs: ReadonlySet<string>;
  readonly exists: ReadonlySet<string>;
  /** Device by the UUID of its file system. */
  readonly uuids: ReadonlyMap<string, string>;
}

/** Reads the section `system`. */
export function readSystemAnswer(stdout: string): SystemAnswer {
  const all = (name: string) =>
    stdout
      .split('\n')
      .flatMap((line) => (line.startsWith(`${name}=`) ? [line.slice(name.length + 1).trim()] : []));
  const links = [...stdout.matchAll(/ ([0-9A-Fa-f-]{4,}) -> (?:\.\.\/)+(\S+)$/gm)];
  return {
    machine: all('machine')[0] ?? '',
    id: all('id')[0] ?? '',
    passwd: all('passwd')[0] ?? '',
    date: all('date')[0] ?? '',
    later: all('later')[0] ?? '',
    bits: all('bits')[0] ?? '',
    caps: all('caps')[0] ?? '',
    chroot: all('chroot')[0] ?? '',
    init: all('init')[0] ?? '',
    programs: new Set(all('program')),
    exists: new Set(all('exists')),
    uuids: new Map(links.map(([, uuid = '', device = '']) => [`/dev/${device}`, uuid])),
  };
}

/** Names, kernel, time since the start, who is logged in. */
export function readSystem(files: HostFiles, answer: SystemAnswer): Vars {
  const nodename = textOf(files, '/proc/sys/kernel/hostname') ?? '';
  const fqdn = readFqdn(files, nodename);
  const machine = answer.machine;
  const uptime = /^(\d+)/.exec(textOf(files, '/proc/uptime') ?? '')?.[1];
  const loads = (textOf(files, '/proc/loadavg') ?? '').split(' ').map(Number);
  const facts: [string, Value][] = [
    ['ansible_system', 'Linux'],
    ['ansible_nodename', nodename],
    ['ansible_hostname', nodename.split('.')[0] ?? ''],
    ['ansible_fqdn', fqdn],
    ['ansible_domain', fqdn.split('.').slice(1).join('.')],
    ['ansible_kernel', textOf(files, '/proc/sys/kernel/osrelease') ?? ''],
    ['ansible_kernel_version', textOf(files, '/proc/sys/kernel/version') ?? ''],
    ['ansible_machine', machine],
    ['ansible_architecture', /^i[3456]86$/.test(machine) ? 'i386' : machine],
    ['ansible_service_mgr', serviceManager(files, answer)],
    [
      'ansible_apparmor',
      { status: answer.exists.has('/sys/kernel/security/apparmor') ? 'enabled' : 'disabled' },
    ],
    ['ansible_fips', textOf(files, '/proc/sys/crypto/fips_enabled') === '1'],
    ['ansible_selinux', readSelinux(files)],
    ['ansible_cmdline', readCommandLine(files)],
  ];
  const id = textOf(files, '/etc/machine-id');
  if (id !== undefined) facts.push(['ansible_machine_id', id.split('\n')[0] ?? '']);
  if (uptime !== undefined) facts.push(['ansible_uptime_seconds', Number(uptime)]);
  if (loads.length > 3)
    facts.push([
      'ansible_loadavg',
      { '1m': loads[0] ?? 0, '5m': loads[1] ?? 0, '15m': loads[2] ?? 0 },
    ]);
  return makeVars([...facts, ...hostKeys(files)]);
}

/** The full name as the PC's own /etc/hosts has it; names that only a DNS server knows would make every PC wait for it. */
function readFqdn(files: HostFiles, nodename: string): string {
  const rows = linesOf(files, '/etc/hosts').map((line) =>
    (line.split('#')[0] ?? '').trim().split(/\s+/),
  );
  const address = rows.find(([, ...names]) => names.includes(nodename))?.[0];
  const names = rows.find(([first]) => first === address && address !== undefined)?.slice(1) ?? [];
  return names.find((name) => name.includes('.')) ?? names[0] ?? nodename;
}

const inits = new Map([
  ['procd', 'openwrt_init'],
  ['runit-init', 'runit'],
  ['svscan', 'svc'],
  ['openrc-init', 'openrc'],
]);

/** The name of process 1 tells, unless it is `init` or a shell, which many are. */
function serviceManager(files: HostFiles, { programs, exists, init }: SystemAnswer): string {
  const first = textOf(files, '/proc/1/comm');
  if (first !== undefined && first !== 'init' && !first.endsWith('sh'))
    return inits.get(first) ?? first;
  if (exists.has('/run/systemd/system')) return 'systemd';
  if (programs.has('initctl') && exists.has('/etc/init')) return 'upstart';
  if (exists.has('/sbin/openrc')) return 'openrc';
  if (init.endsWith('/systemd')) return 'systemd';
  return exists.has('/etc/init.d') ? 'sysvinit' : 'service';
}

/** The package manager's name in Ansible. */
export function packageManager(
  programs: ReadonlySet<string>,
  family: Value | undefined,
  major: Value | undefined,
): string {
  if (family === 'RedHat' && programs.has('dnf')) return 'dnf';
  if (family === 'RedHat' && programs.has('yum')) return Number(major) >= 8 ? 'dnf' : 'yum';
  const known = [
    ['apt-get', 'apt'],
    ['dnf', 'dnf'],
    ['yum', 'yum'],
    ['zypper', 'zypper'],
    ['pacman', 'pacman'],
    ['apk', 'apk'],
  ] as const;
  return known.find(([program]) => programs.has(program))?.[1] ?? 'unknown';
}

function readSelinux(files: HostFiles): Value {
  const enforce = textOf(files, '/sys/fs/selinux/enforce');
  if (enforce === undefined) return { status: 'disabled' };
  const config = files.get('/etc/selinux/config') ?? '';
  return {
    status: 'enabled',
    mode: enforce === '1' ? 'enforcing' : 'permissive',
    config_mode: /^SELINUX=(\w+)/m.exec(config)?.[1] ?? 'unknown',
    type: /^SELINUXTYPE=(\w+)/m.exec(config)?.[1] ?? 'unknown',
    policyvers: Number(textOf(files, '/sys/fs/selinux/policyvers') ?? 0),
  };
}

function readCommandLine(files: HostFiles): Vars {
  const words = textOf(files, '/proc/cmdline')?.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
  return makeVars(
    words.map((word) => {
      const at = word.indexOf('=');
      return at === -1 ? [word, true] : [word.slice(0, at), word.slice(at + 1)];
    }),
  );
}

function hostKeys(files: HostFiles): [string, Value][] {
  return namesUnder(files, '/etc/ssh/ssh_host_', '_key.pub').flatMap((name): [string, Value][] => {
    const [type, key] = (textOf(files, `/etc/ssh/ssh_host_${name}_key.pub`) ?? '').split(' ');
    if (type === undefined || key === undefined) return [];
    return [
      [`ansible_ssh_host_key_${name}_public`, key],
      [`ansible_ssh_host_key_${name}_public_keytype`, type],
    ];
  });
}
