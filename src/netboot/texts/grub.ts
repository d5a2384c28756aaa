import { LabError } from '../../model/lab-error.ts';
import type { BootSpec } from '../../model/profile.ts';
import { kernelArgument } from './ipxe-words.ts';

/** Systems on an EFI system partition in the order they are looked for: a boot menu of Linux offers Windows, not the other way round; the removable path last (UEFI 2.10, 3.5.1.1). */
export const efiLoaders = [
  '/EFI/debian/shimx64.efi',
  '/EFI/ubuntu/shimx64.efi',
  '/EFI/rocky/shimx64.efi',
  '/EFI/openEuler/shimx64.efi',
  '/EFI/openEuler/grubx64.efi',
  '/EFI/kylin/shimx64.efi',
  '/EFI/uos/shimx64.efi',
  '/EFI/deepin/shimx64.efi',
  '/EFI/debian/grubx64.efi',
  '/EFI/ubuntu/grubx64.efi',
  '/EFI/kylin/grubx64.efi',
  '/EFI/uos/grubx64.efi',
  '/EFI/deepin/grubx64.efi',
  '/EFI/labkit/grubx64.efi',
  '/EFI/Microsoft/Boot/bootmgfw.efi',
  '/EFI/BOOT/BOOTX64.EFI',
] as const;

/** Looks with wildcards and `test`: `search` would write a line on the screen for each system that is not there. */
const startLocalDisk = [
  `for path in ${efiLoaders.join(' ')}; do`,
  '  for file in (hd*,*)$path; do',
  '    if [ -f "$file" ]; then',
  "      regexp --set=1:root '^[(](.*)[)]' $file",
  '      echo "Starting $path from $root"',
  '      if chainloader $path; then boot; fi',
  '    fi',
  '  done',
  'done',
  'echo "No system was found on the disks of this PC; the firmware goes on."',
  'sleep 3',
  'exit 1',
];

/** Configuration of the GRUB that iPXE starts to get to the local disk under UEFI, where its own `exit` and `sanboot` do not get there. */
export function renderGrubLocal(): string {
  return `${startLocalDisk.join('\n')}\n`;
}

/** `grub/grub.cfg` of the TFTP tree, read by the signed GRUB of the Secure Boot chain: an armed host has a file of its own; every other PC starts its disk after five seconds. Uses commands only that are built into Debian's grubnet: under lockdown none can be loaded. */
export function renderGrubConfig(): string {
  const lines = [
    'set timeout=5',
    'set default=local',
    'set host=$net_default_mac',
    'if [ -z "$host" ]; then set host=$net_efinet0_dhcp_mac; fi',
    'source $prefix/host/$host',
    '',
    'menuentry "Start this PC from its disk" --id local {',
    ...startLocalDisk.map((line) => `  ${line}`),
    '}',
    'menuentry "Network details" {',
    '  echo "Address $net_default_ip   server $net_default_server"',
    '  echo "MAC     $net_default_mac   Secure Boot locked down: $lockdown"',
    '  echo "Press a key"',
    '  sleep --interruptible 60',
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

/** `grub/host/MAC` of the TFTP tree, there while the host is armed: boots the deployment system at once. Kernel and initramfs are paths of the TFTP tree; the arguments hold no token, it is asked for (docs/netboot-protocol.md). */
export function renderGrubHost(spec: BootSpec, pathOf: (asset: string) => string): string {
  const args = spec.args.map((arg) => grubWord(kernelArgument(arg))).join(' ');
  const initrds = spec.initrds.map((name) => grubWord(pathOf(name))).join(' ');
  const lines = [
    'set timeout=0',
    'set default=install',
    'set fallback=local',
    'menuentry "Reinstall this PC" --id install {',
    `  linux ${grubWord(pathOf(spec.kernel))} ${args}`.trimEnd(),
    ...(initrds === '' ? [] : [`  initrd ${initrds}`]),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

/** The file name GRUB asks for: `$net_default_mac` is lower-case with colons. */
export function grubHostName(mac: string): string {
  return mac.toLowerCase();
}

/** A value as one word of a GRUB script: in single quotes nothing is expanded (GRUB manual, Quoting). Throws LabError 'input'. */
export function grubWord(text: string): string {
  if (/^[ !#-&(-~]+$/.test(text)) return `'${text}'`;
  throw new LabError(
    'input',
    `${JSON.stringify(text.slice(0, 60))} cannot stand in a GRUB configuration`,
    "use letters, digits and signs of ASCII, but no '",
  );
}
