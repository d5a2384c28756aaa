import { foldNames } from '../../model/host-names.ts';
import { chooseLoaders, clientKinds } from '../../netboot/dnsmasq/clients.ts';
import type { DhcpServer } from '../../netboot/dnsmasq/find-dhcp-servers.ts';
import type { DnsmasqSettings } from '../../netboot/dnsmasq/render.ts';
import type { Prepared } from './prepare-service.ts';

/** Sentences on PCs with Secure Boot that would stop at "Welcome to GRUB!" beside another DHCP server; `servers` are those that answer DHCP there, as far as it was asked. */
export function warnSecureBoot(
  { secureHosts, dnsmasq: settings }: Pick<Prepared, 'secureHosts' | 'dnsmasq'>,
  servers: readonly DhcpServer[] = [],
): string[] {
  if (settings.mode !== 'proxy' || !startsGrub(settings)) return [];
  const named = servers.filter(({ isProxy }) => !isProxy).map(({ bootServer }) => bootServer);
  if (named.includes(settings.address)) return [];
  const given = new Set(settings.bootAddresses.flatMap(({ macs }) => macs));
  const stuck = secureHosts.filter(({ macs }) => macs.some(({ addr }) => !given.has(addr)));
  if (stuck.length === 0) return [];
  const who = foldNames(stuck.map(({ name }) => name));
  return [
    `Secure Boot PCs stop at GRUB beside another DHCP server: ${who}. GRUB asks the server that gave the address for its files. Use --secure-boot-addresses, for PCs with an address (ip) in the inventory: their firmware then gets it from us; or --mode dhcp; or let the other server name ${settings.address} as next-server`,
  ];
}

/** Whether a PC with Secure Boot gets Debian's GRUB: a signed iPXE understands proxyDHCP. */
function startsGrub({ loaders }: DnsmasqSettings): boolean {
  return clientKinds.some((kind) => chooseLoaders(kind, loaders).shim.startsWith('shim'));
}
