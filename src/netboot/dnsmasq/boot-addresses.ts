import { chooseLoaders, clientKinds } from './clients.ts';
import type { DnsmasqSettings } from './render.ts';
import { word } from './words.ts';

/** The tag of requests that get an address beside another DHCP server: of the firmware of these PCs that starts shim. */
export const givenTag = 'given';
const addressTag = 'address';

/** Whether any PC gets one: in proxy mode only, in dhcp mode all of the register do. */
export function hasBootAddresses({ mode, bootAddresses }: DnsmasqSettings): boolean {
  return mode === 'proxy' && bootAddresses.length > 0;
}

/**
 * Lines that make dnsmasq a DHCP server for these PCs while their firmware asks, and only then. Debian's signed GRUB takes the server of its files from the
 * packet that gave the address (grub-core/net/drivers/efi/efinet.c reads `dhcp_ack`, never `proxy_offer`), so that packet has to be ours. Firmware of EDK2
 * prefers an offer of class PXEClient with a boot file to an address without one (PxeBcSelectDhcp4Offer), whichever comes first.
 */
export function renderBootAddresses(settings: DnsmasqSettings): string[] {
  if (!hasBootAddresses(settings)) return [];
  const { bootAddresses, loaders } = settings;
  const server = word('ip', settings.address);
  return [
    // A system that runs asks without this class, and is left to the network's own server.
    'dhcp-vendorclass=set:pxe,PXEClient',
    'dhcp-ignore=tag:!pxe',
    'no-ping',
    'dhcp-ignore-clid',
    ...clientKinds.flatMap((kind) => {
      const { shim } = chooseLoaders(kind, loaders);
      if (!shim.startsWith('shim')) return [];
      return [
        `tag-if=set:${givenTag},tag:!ipxe,tag:${addressTag},tag:${kind.tag}`,
        `dhcp-boot=tag:!ipxe,tag:${givenTag},tag:${kind.tag},${shim},,${server}`,
      ];
    }),
    `dhcp-option-force=tag:${givenTag},option:vendor-class,PXEClient`,
    ...bootAddresses.flatMap(({ macs, ip }) => [
      ...macs.map((mac) => `dhcp-mac=set:${addressTag},${word('mac', mac)}`),
      `dhcp-host=${[...macs.map((mac) => word('mac', mac)), word('ip', ip), '10m'].join()}`,
    ]),
  ];
}

/** Ranges for them; they must stand before those of the other PCs, since dnsmasq judges by the first whether it gives addresses at all. */
export function renderBootRanges(settings: DnsmasqSettings): string[] {
  if (!hasBootAddresses(settings)) return [];
  return settings.subnets.flatMap(({ network, netmask, gateway }, at) => [
    `dhcp-range=tag:${givenTag},set:net${at},${word('ip', network)},static,${word('ip', netmask)},10m`,
    `dhcp-option=tag:net${at},option:router${gateway === '' ? '' : `,${word('ip', gateway)}`}`,
  ]);
}
