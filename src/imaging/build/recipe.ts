import type { ImagePartition } from '../../model/image.ts';

/** What a root archive is made of. */
export interface Recipe {
  /** Name of the image. */
  readonly name: string;
  readonly profile: string;
  /** More packages than those every PC needs. */
  readonly packages: readonly string[];
  /** The package of the kernel, such as `linux-image-amd64`. */
  readonly kernel: string;
  readonly mirror: string;
  readonly securityMirror: string;
  readonly components: readonly string[];
  readonly locales: readonly string[];
  /** Path of the playbook that was run in it, '' for none: only told. */
  readonly playbook: string;
  readonly rootMiB: number;
}

/** What a Debian release is called where packages come from, and on a report. */
export const releases: { readonly [profile: string]: { suite: string; title: string } } = {
  'debian-12': { suite: 'bookworm', title: 'Debian GNU/Linux 12 (bookworm)' },
};

/** What every PC needs to start by either firmware, with Secure Boot or without, to be reached, and to be told apart (docs/netboot-protocol.md, The deployment system). */
export const basePackages = [
  'systemd-sysv',
  'systemd-resolved',
  'systemd-timesyncd',
  'dbus',
  'udev',
  'initramfs-tools',
  'zstd',
  'openssh-server',
  'sudo',
  'grub-pc-bin',
  'grub-efi-amd64-bin',
  'grub-efi-amd64-signed',
  'shim-signed',
  'grub2-common',
  'efibootmgr',
  'dosfstools',
  'e2fsprogs',
  'locales',
  'tzdata',
  'console-setup',
  'keyboard-configuration',
  'iproute2',
  'ca-certificates',
  'libpam-systemd',
] as const;

/** Where the root's packages come from, as sources.list(5) has it. */
export function sourceLines({ mirror, securityMirror, components, profile }: Recipe): string[] {
  const suite = releases[profile]?.suite ?? '';
  const words = components.join(' ');
  return [
    `deb ${mirror} ${suite} ${words}`,
    `deb ${mirror} ${suite}-updates ${words}`,
    ...(securityMirror === '' ? [] : [`deb ${securityMirror} ${suite}-security ${words}`]),
  ];
}

/** mmdebstrap(1)'s arguments for a root in `folder`; `cache` keeps packages between builds. */
export function bootstrapArgs(recipe: Recipe, folder: string, cache: string): string[] {
  const packages = [...basePackages, recipe.kernel, ...recipe.packages];
  return [
    '--mode=root',
    '--variant=minbase',
    '--format=directory',
    '--architectures=amd64',
    `--include=${[...new Set(packages)].join(',')}`,
    '--aptopt=Acquire::Languages "none"',
    '--aptopt=Acquire::Retries "3"',
    '--skip=download/empty,essential/unlink',
    '--setup-hook=mkdir -p "$1/var/cache/apt/archives"',
    `--setup-hook=sync-in ${cache} /var/cache/apt/archives`,
    `--customize-hook=sync-out /var/cache/apt/archives ${cache}`,
    releases[recipe.profile]?.suite ?? '',
    folder,
    ...sourceLines(recipe),
  ];
}

/** The disk that a root archive is meant for: either firmware can start from it. */
export function layoutOf({ rootMiB }: Recipe): ImagePartition[] {
  return [
    { role: 'esp', mebibytes: 256, grows: false, filesystem: 'vfat' },
    { role: 'bios', mebibytes: 1, grows: false, filesystem: 'none' },
    { role: 'root', mebibytes: rootMiB, grows: true, filesystem: 'ext4' },
  ];
}
