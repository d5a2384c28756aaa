import type { AssetWish, BootSpec, ProfileContext } from '../model/profile.ts';

/** The deployment system as an asset; what `image build-system` made is pinned by its own digest. */
export const deploymentAssets: readonly AssetWish[] = [
  {
    name: 'vmlinuz',
    sources: [{ from: 'deployment-system', file: 'vmlinuz' }],
    sha256: '',
  },
  {
    name: 'initrd.img',
    sources: [{ from: 'deployment-system', file: 'initrd.img' }],
    sha256: '',
  },
];

/** Boots the deployment system, which then asks for its job (docs/netboot-protocol.md, The deployment system). */
export function bootDeployment(
  context: ProfileContext<unknown>,
  more: readonly string[],
): BootSpec {
  const token = context.answersUrl.slice(context.answersUrl.lastIndexOf('/') + 1);
  return {
    kernel: 'vmlinuz',
    initrds: ['initrd.img'],
    args: [
      'boot=deploy',
      `labkit=${context.server}`,
      `labkit_token=${token}`,
      ...bootAddress(context),
      ...more,
    ],
  };
}

/** `ip=` and `BOOTIF=` of the kernel line (initramfs-tools(7)): what the boot loader learned need not be asked again. */
export function bootAddress({ host, network }: ProfileContext<unknown>): string[] {
  const { address, gateway, netmask, dns } = network;
  const ip =
    address === '' || netmask === ''
      ? 'ip=dhcp'
      : `ip=${address}::${gateway}:${netmask}:${host.name}::off:${dns}`;
  const mac = host.mac === '' ? [] : [`BOOTIF=01-${host.mac.toLowerCase().replaceAll(':', '-')}`];
  return [ip, ...mac];
}
