import type { DnsmasqSettings } from '../../src/netboot/dnsmasq/render.ts';

/** Settings of a boot service at 10.77.0.2 on `lan`, with Debian's loaders; what a test is about it gives in `more`. */
export function makeDnsmasqSettings(more: Partial<DnsmasqSettings> = {}): DnsmasqSettings {
  return {
    mode: 'proxy',
    interface: 'lan',
    address: '10.77.0.2',
    server: 'http://10.77.0.2:8080',
    subnets: [{ network: '10.77.0.0', netmask: '255.255.255.0', gateway: '' }],
    tftpRoot: '/run/labkit/tftp',
    loaders: new Set(['undionly.kpxe', 'ipxe.efi', 'snponly.efi', 'shimx64.efi', 'grubx64.efi']),
    loaderUrl: (name) => `http://10.77.0.2:8080/boot/loader/${name}`,
    secureBootMacs: [],
    reservations: [],
    bootAddresses: [],
    dns: [],
    domain: '',
    leaseFile: '/run/labkit/leases',
    pidFile: '/run/labkit/dnsmasq.pid',
    user: '',
    routerAdvertisements: false,
    ...more,
  };
}
