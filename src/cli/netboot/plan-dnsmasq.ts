import { join } from 'node:path';
import type { Host, Inventory } from '../../model/host.ts';
import { containsIp } from '../../model/ip.ts';
import { LabError } from '../../model/lab-error.ts';
import type { DnsmasqSettings, Reservation, ServedSubnet } from '../../netboot/dnsmasq/render.ts';
import { isWord } from '../../netboot/dnsmasq/words.ts';
import { type Card, maskAddress, netmaskOf, roomSubnets } from './select-card.ts';

/** What `netboot serve` and `prepare` were asked for. */
export interface ServeWish {
  readonly mode: 'proxy' | 'dhcp' | 'external';
  readonly port: number;
  readonly routerAdvertisements: boolean;
  /** `FIRST-LAST`: addresses for PCs that nobody registered, in dhcp mode. */
  readonly pool?: { readonly first: string; readonly last: string };
  readonly dns: readonly string[];
  /** proxy: the firmware of PCs with Secure Boot gets its address of the register from us. */
  readonly secureBootAddresses: boolean;
}

/** What dnsmasq is told of an inventory. `secureBoot` tells which hosts start shim only. */
export function planDnsmasq(
  inventory: Inventory,
  card: Card,
  wish: ServeWish,
  more: {
    readonly runFolder: string;
    readonly leaseFile: string;
    /** URLs of the loaders in the TFTP root, by name. */
    readonly loaders: ReadonlyMap<string, string>;
    readonly secureBoot: (host: Host) => boolean;
  },
): DnsmasqSettings {
  const server = `http://${card.address}:${wish.port}`;
  return {
    mode: wish.mode === 'external' ? 'tftp' : wish.mode,
    interface: card.name,
    address: card.address,
    server,
    subnets: planSubnets(inventory, card, wish),
    tftpRoot: join(more.runFolder, 'tftp'),
    loaders: new Set(more.loaders.keys()),
    loaderUrl: (name) => more.loaders.get(name) ?? '',
    secureBootMacs: inventory.hosts
      .filter(more.secureBoot)
      .flatMap(({ macs }) => macs.map(({ addr }) => addr)),
    reservations: planReservations(inventory.hosts),
    bootAddresses: wish.secureBootAddresses
      ? planReservations(inventory.hosts.filter(more.secureBoot))
      : [],
    dns: wish.dns,
    domain: '',
    leaseFile: more.leaseFile,
    pidFile: join(more.runFolder, 'dnsmasq.pid'),
    user: '',
    routerAdvertisements: wish.routerAdvertisements,
  };
}

/** The interface's own network and, in proxy mode, those of rooms behind a relay: each once. */
function planSubnets(inventory: Inventory, card: Card, wish: ServeWish): ServedSubnet[] {
  const rooms = inventory.rooms.flatMap((room) =>
    roomSubnets([room]).map((subnet) => ({ room, subnet })),
  );
  const own = rooms.find(({ subnet }) => containsIp(subnet, card.address));
  const first: ServedSubnet = {
    network: card.network,
    netmask: card.netmask,
    gateway: own?.room.gateway ?? '',
    ...(wish.pool && { pool: wish.pool }),
  };
  const others = rooms.map(({ room, subnet }) => {
    const netmask = netmaskOf(subnet.prefix);
    const [network = ''] = subnet.text.split('/');
    return { network: maskAddress(network, netmask), netmask, gateway: room.gateway };
  });
  const all = new Map([...others, first].map((subnet) => [subnet.network, subnet]));
  return [first, ...[...all.values()].filter((subnet) => subnet !== first)];
}

/** Registered PCs with an address; a name that dnsmasq would misread is said, not left out. */
function planReservations(hosts: readonly Host[]): Reservation[] {
  return hosts
    .filter(({ ip, macs, status }) => ip !== '' && macs.length > 0 && status !== 'retired')
    .map(({ name, ip, macs }) => {
      const label = name.split('.')[0] ?? '';
      if (isWord('name', label)) return { macs: macs.map(({ addr }) => addr), ip, name: label };
      throw new LabError(
        'input',
        `the host name ${name} cannot be told to dnsmasq`,
        'use letters, digits and single hyphens, and do not write it like a time (12h)',
      );
    });
}
