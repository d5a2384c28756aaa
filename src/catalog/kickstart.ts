import type { OptionTable } from '../model/options.ts';
import type { AnswerFile, BootSpec, ProfileContext } from '../model/profile.ts';
import { claimSystem } from './install-claim.ts';
import {
  kernelArgs,
  mebibytes,
  mirror,
  packageNames,
  type SystemOptions,
  systemOptions,
} from './install-options.ts';
import { askLeave, hostLabel, keyLines, tellFunctions } from './install-scripts.ts';

/** What a site sets of a system that Anaconda brings. */
export interface KickstartOptions extends SystemOptions {
  /** The installation tree: it has `.treeinfo` and `images/`. */
  readonly mirror: string;
  readonly packages: readonly string[];
  readonly rootMiB: number;
  readonly swapMiB: number;
  readonly kernelArgs: readonly string[];
}

/** The options of an installer of the Red Hat family. */
export function kickstartOptions(tree: string, environment: string): OptionTable<KickstartOptions> {
  return {
    ...systemOptions,
    mirror: mirror(tree, 'the installation tree, on a mirror or made of the ISO'),
    packages: packageNames([environment], 'packages and groups beside openssh-server and sudo'),
    rootMiB: mebibytes(10240, 'the root file system at least; it takes what is left', 4096),
    swapMiB: mebibytes(1024, 'swap; 0 for none'),
    kernelArgs,
  };
}

type Context = ProfileContext<KickstartOptions>;

/** Anaconda's kernel line (its boot options documentation). */
export function bootKickstart(context: Context): BootSpec {
  const { host, options, answersUrl } = context;
  return {
    kernel: 'vmlinuz',
    initrds: ['initrd.img'],
    args: [
      `inst.ks=${answersUrl}/ks.cfg`,
      `inst.repo=${options.mirror}`,
      'inst.text',
      'ip=dhcp',
      ...(host.mac === '' ? [] : [`BOOTIF=01-${host.mac.toLowerCase().replaceAll(':', '-')}`]),
      ...options.kernelArgs,
    ],
  };
}

/** The kickstart file. */
export function kickstartAnswers(context: Context, profile: string): AnswerFile[] {
  const text = `${[...commandLines(context), ...scriptLines(context, profile)].join('\n')}\n`;
  return [
    { name: 'ks.cfg', text, contentType: 'text/plain; charset=utf-8', validator: 'kickstart' },
  ];
}

function commandLines({ host, options, sshKeys }: Context): string[] {
  const name = [hostLabel(host), options.domain].filter((part) => part !== '').join('.');
  const users = ['root', ...(options.user === '' ? [] : [options.user])];
  return [
    '# Made by Labkit for one PC; read once. It holds no password: accounts are locked, keys let in.',
    'text',
    `lang ${options.locale}`,
    `keyboard --vckeymap=${options.keymap}`,
    `timezone ${options.timezone} --utc`,
    `network --bootproto=dhcp --device=link --activate --hostname=${name}`,
    `url --url="${options.mirror}"`,
    'rootpw --lock',
    ...(options.user === '' ? [] : [`user --name=${options.user} --groups=wheel --lock`]),
    ...users.flatMap((user) =>
      keyLines(sshKeys).map((key) => `sshkey --username=${user} "${key}"`),
    ),
    'firewall --enabled --service=ssh',
    'selinux --enforcing',
    'services --enabled=sshd',
    'firstboot --disable',
    'skipx',
    '%include /tmp/labkit-disk.ks',
    options.after,
    '%packages',
    ...options.packages,
    'openssh-server',
    'sudo',
    '%end',
  ];
}

/** %pre asks before the first write; %onerror tells what Anaconda gave up on (pykickstart documentation). */
function scriptLines(context: Context, profile: string): string[] {
  const { rootMiB, swapMiB } = context.options;
  const swap = swapMiB === 0 ? '' : `part swap --ondisk=$disk --size=${swapMiB}\n`;
  return [
    '%pre --erroronfail --interpreter=/bin/sh --log=/tmp/labkit-pre.log',
    `${askLeave(context, 'exit 1')}cat >/tmp/labkit-disk.ks <<PART
ignoredisk --only-use=$disk
zerombr
clearpart --all --initlabel --disklabel=gpt --drives=$disk
bootloader --boot-drive=$disk
reqpart
${swap}part / --ondisk=$disk --fstype=ext4 --size=${rootMiB} --grow
PART`,
    '%end',
    '%post --erroronfail --interpreter=/bin/sh --log=/root/labkit-post.log',
    claimSystem(context, { root: '', profile, sudoGroup: 'wheel' }).trimEnd(),
    '%end',
    '%onerror --interpreter=/bin/sh',
    `${tellFunctions(context.reportUrl)}tell failed '&reason=the+installer+gave+up'`,
    '%end',
  ];
}
