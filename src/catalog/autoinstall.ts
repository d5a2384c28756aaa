import type { OptionTable } from '../model/options.ts';
import type { AnswerFile, BootSpec, ProfileContext } from '../model/profile.ts';
import { claimSystem } from './install-claim.ts';
import {
  kernelArgs,
  mirror,
  packageNames,
  type SystemOptions,
  systemOptions,
} from './install-options.ts';
import { askLeave, hostLabel, keyLines, tellFunctions } from './install-scripts.ts';

/** What a site sets of a system that Ubuntu's installer brings. */
export interface AutoinstallOptions extends SystemOptions {
  readonly mirror: string;
  readonly packages: readonly string[];
  readonly kernelArgs: readonly string[];
}

/** The options of Ubuntu's server installer. */
export function autoinstallOptions(defaultMirror: string): OptionTable<AutoinstallOptions> {
  return {
    ...systemOptions,
    mirror: mirror(defaultMirror),
    packages: packageNames([], 'installed beside openssh-server'),
    kernelArgs,
  };
}

type Context = ProfileContext<AutoinstallOptions>;

/** The kernel line of the live installer (cloud-init, NoCloud; casper(7)). */
export function bootAutoinstall(context: Context): BootSpec {
  const { options, answersUrl } = context;
  return {
    kernel: 'vmlinuz',
    initrds: ['initrd'],
    args: [
      'ip=dhcp',
      'url={asset:ubuntu.iso}',
      'autoinstall',
      `ds=nocloud-net;s=${answersUrl}/`,
      'cloud-config-url=/dev/null',
      ...options.kernelArgs,
    ],
  };
}

/** user-data, meta-data and an empty vendor-data, which cloud-init asks for as well. */
export function autoinstallAnswers(context: Context, profile: string): AnswerFile[] {
  const { host } = context;
  const yaml = 'text/yaml; charset=utf-8';
  const name = hostLabel(host);
  const userData = { autoinstall: autoinstall(context, profile) };
  return [
    {
      name: 'user-data',
      // JSON is YAML (YAML 1.2, 1.3): no value can end a text, whatever it holds.
      text: `#cloud-config\n${JSON.stringify(userData, null, 2)}\n`,
      contentType: yaml,
      validator: 'cloud-config',
    },
    {
      name: 'meta-data',
      text: `instance-id: ${name}\nlocal-hostname: ${name}\n`,
      contentType: yaml,
    },
    { name: 'vendor-data', text: '#cloud-config\n{}\n', contentType: yaml },
  ];
}

const diskMark = 'LABKIT_DISK';

/** The autoinstall section (Subiquity's reference). An identity would want a password: accounts come by `user-data` and a script instead. */
function autoinstall(context: Context, profile: string): object {
  const { options, host, sshKeys } = context;
  const keys = [...keyLines(sshKeys)];
  const fqdn = [hostLabel(host), options.domain].filter((part) => part !== '').join('.');
  return {
    version: 1,
    locale: options.locale,
    timezone: options.timezone,
    keyboard: { layout: options.keymap },
    source: { id: 'ubuntu-server' },
    apt: { 'mirror-selection': { primary: [{ uri: options.mirror }] } },
    ssh: { 'install-server': true, 'allow-pw': false, 'authorized-keys': keys },
    packages: options.packages,
    storage: { layout: { name: 'direct', match: { path: `/dev/${diskMark}` } } },
    'early-commands': [earlyScript(context)],
    'late-commands': [claimSystem(context, { root: '/target', profile, sudoGroup: 'sudo' })],
    'error-commands': [
      `${tellFunctions(context.reportUrl)}tell failed '&reason=the+installer+gave+up'\n`,
    ],
    'user-data': {
      hostname: hostLabel(host),
      fqdn,
      disable_root: false,
      ssh_pwauth: false,
      ssh_deletekeys: false,
      users: [{ name: 'root', lock_passwd: true, ssh_authorized_keys: keys }],
    },
    updates: 'security',
    shutdown: options.after,
  };
}

/** Early commands may change /autoinstall.yaml; it is read again behind them. Until then it names a disk that no PC has. */
function earlyScript(context: Context): string {
  return `${askLeave(context, 'exit 1')}sed -i "s|/dev/${diskMark}|/dev/$disk|" /autoinstall.yaml
grep -q ""/dev/$disk"" /autoinstall.yaml || give_up 'its disk could not be named to the installer'
`;
}
