import type { OptionTable } from '../model/options.ts';
import type { Problem } from '../model/problem.ts';
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
import { askLeave, hostLabel } from './install-scripts.ts';

/** What a site sets of a system that debian-installer brings. */
export interface PreseedOptions extends SystemOptions {
  readonly mirror: string;
  readonly packages: readonly string[];
  readonly rootMiB: number;
  readonly swapMiB: number;
  readonly kernelArgs: readonly string[];
}

/** The options of an installer of the Debian family. */
export function preseedOptions(defaultMirror: string): OptionTable<PreseedOptions> {
  return {
    ...systemOptions,
    mirror: mirror(defaultMirror),
    packages: packageNames([], 'installed beside openssh-server and sudo'),
    rootMiB: mebibytes(8192, 'the root file system at least; it takes what is left', 2048),
    swapMiB: mebibytes(1024, 'swap; 0 for none'),
    kernelArgs,
  };
}

type Context = ProfileContext<PreseedOptions>;

/** The kernel line of debian-installer. What is asked before the preseed is read stands here: network and priority; without a route or name server DHCP would leave it waiting for a person (Debian installation guide, B.2). */
export function bootPreseed(context: Context): BootSpec {
  const { host, options, network, answersUrl } = context;
  return {
    kernel: 'linux',
    initrds: ['initrd.gz'],
    args: [
      'auto=true',
      'priority=critical',
      `url=${answersUrl}/preseed.cfg`,
      `hostname=${hostLabel(host)}`,
      `domain=${options.domain}`,
      'interface=auto',
      ...(host.mac === '' ? [] : [`BOOTIF=01-${host.mac.toLowerCase().replaceAll(':', '-')}`]),
      ...(network.gateway === '' ? ['netcfg/no_default_route=true'] : []),
      ...(network.dns === '' ? ['netcfg/get_nameservers='] : []),
      `debian-installer/locale=${options.locale}`,
      ...options.kernelArgs,
    ],
  };
}

/** preseed.cfg and the two scripts it fetches at once, while its answers can still be read. */
export function preseedAnswers(context: Context, profile: string): AnswerFile[] {
  const plain = 'text/plain; charset=utf-8';
  const preseed: AnswerFile = {
    name: 'preseed.cfg',
    text: preseedText(context),
    contentType: plain,
    validator: 'preseed',
  };
  return [
    preseed,
    { name: 'early.sh', text: earlyScript(context), contentType: plain },
    { name: 'late.sh', text: lateScript(context, profile), contentType: plain },
  ];
}

function preseedText(context: Context): string {
  const { options, host, answersUrl, reportUrl } = context;
  const { host: mirrorHost, protocol, directory } = partsOf(options.mirror);
  const fetched = ['early', 'late'].map(
    (name) => `wget -q -O /tmp/${name}.sh ${answersUrl}/${name}.sh`,
  );
  const lost = `{ wget -q -O - '${reportUrl}?stage=failed&reason=its+answers+were+lost'; ${forever}; }`;
  const power =
    options.after === 'poweroff' ? ['d-i debian-installer/exit/poweroff boolean true'] : [];
  return `${[
    '# Made by Labkit for one PC; read once. It holds no password: accounts are locked, keys let in.',
    `d-i debian-installer/locale string ${options.locale}`,
    `d-i keyboard-configuration/xkb-keymap select ${options.keymap}`,
    `d-i netcfg/hostname string ${hostLabel(host)}`,
    `d-i netcfg/get_domain string ${options.domain}`,
    'd-i mirror/country string manual',
    `d-i mirror/protocol string ${protocol}`,
    `d-i mirror/${protocol}/hostname string ${mirrorHost}`,
    `d-i mirror/${protocol}/directory string ${directory}`,
    `d-i mirror/${protocol}/proxy string`,
    'd-i clock-setup/utc boolean true',
    `d-i time/zone string ${options.timezone}`,
    ...partmanLines(options),
    'd-i passwd/root-login boolean true',
    'd-i passwd/root-password-crypted password !',
    'd-i passwd/make-user boolean false',
    'd-i apt-setup/cdrom/set-first boolean false',
    'tasksel tasksel/first multiselect standard',
    `d-i pkgsel/include string ${['openssh-server', 'sudo', ...options.packages].join(' ')}`,
    'd-i pkgsel/upgrade select none',
    'popularity-contest popularity-contest/participate boolean false',
    'd-i grub-installer/only_debian boolean true',
    'd-i grub-installer/with_other_os boolean false',
    `d-i preseed/early_command string ${fetched.join(' && ')} || ${lost}`,
    `d-i partman/early_command string sh /tmp/early.sh || ${forever}`,
    'd-i preseed/late_command string sh /tmp/late.sh || true',
    'd-i finish-install/reboot_in_progress note',
    ...power,
  ].join('\n')}\n`;
}

/** What ends an installation before its first write: a command that fails makes debian-installer show a question, and go on when it is answered. */
const forever = 'while :; do sleep 3600; done';

/** How a disk is laid out; which one, and that it may be written at all, is said by early.sh alone (Debian installation guide, B.4.7): with a method and no disk partman takes the only one it finds. */
function partmanLines({ rootMiB, swapMiB }: PreseedOptions): string[] {
  const mb = (mebi: number): number => Math.round(mebi * 1.048576);
  const root = `${mb(rootMiB)} ${mb(rootMiB) + 1} -1 ext4 $primary{ } $bootable{ } method{ format } format{ } use_filesystem{ } filesystem{ ext4 } mountpoint{ / } .`;
  const swap =
    swapMiB === 0
      ? ''
      : ` ${mb(swapMiB)} ${mb(swapMiB) + 1} ${mb(swapMiB)} linux-swap method{ swap } format{ } .`;
  const boot =
    '1 1 1 free $iflabel{ gpt } $reusemethod{ } method{ biosgrub } . 256 257 256 free $iflabel{ gpt } $reusemethod{ } method{ efi } format{ } .';
  return [
    `d-i partman-auto/expert_recipe string labkit :: ${boot}${swap} ${root}`,
    'd-i partman-auto/choose_recipe select labkit',
    'd-i partman-basicfilesystems/no_swap boolean false',
    'd-i partman-partitioning/choose_label select gpt',
    'd-i partman-partitioning/default_label string gpt',
    'd-i partman/choose_partition select finish',
    'd-i partman-efi/non_efi_system boolean true',
  ];
}

/** Run by partman before it looks at disks. Only its end lets partman write: no answer of preseed.cfg does. */
function earlyScript(context: Context): string {
  return `${askLeave(context, forever)}cat >/tmp/labkit-disk.cfg <<SET
d-i partman-auto/method string regular
d-i partman-auto/disk string /dev/$disk
d-i grub-installer/bootdev string /dev/$disk
d-i partman-lvm/device_remove_lvm boolean true
d-i partman-md/device_remove_md boolean true
d-i partman-partitioning/confirm_write_new_label boolean true
d-i partman/confirm boolean true
d-i partman/confirm_nooverwrite boolean true
SET
debconf-set-selections /tmp/labkit-disk.cfg || give_up 'the answers for its disk could not be set'
`;
}

function lateScript(context: Context, profile: string): string {
  return claimSystem(context, { root: '/target', profile, sudoGroup: 'sudo' });
}

function partsOf(address: string): { protocol: string; host: string; directory: string } {
  const [, protocol = 'http', host = '', directory = ''] =
    /^(https?):\/\/([^/]+)(.*?)\/?$/.exec(address) ?? [];
  return { protocol, host, directory: directory === '' ? '/' : directory };
}

/** A system whose packages come from its maker under a licence has no mirror that everybody may use. */
export function requireMirror(address: string, profile: string): Problem[] {
  if (address !== '') return [];
  const place = { file: '', line: 1, column: 1, path: 'options.mirror' };
  const message = `${profile} has no public mirror`;
  const hint = 'write options: { mirror: ... } with the address that came with your licence';
  return [{ severity: 'error', rule: 'bad-profile', ...place, message, hint }];
}
