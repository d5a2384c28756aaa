import { describe, expect, it } from 'vitest';
import { type ExternalProduct, renderExternal } from '../../../src/netboot/dnsmasq/external.ts';
import { type DnsmasqSettings, renderDnsmasq } from '../../../src/netboot/dnsmasq/render.ts';
import { canServe } from '../../helpers/can-serve.ts';
import { type DhcpRig, openDhcpRig } from '../../helpers/dhcp-rig.ts';
import { makeDnsmasqSettings } from '../../helpers/netboot-settings.ts';

const here = '10.1.1.252';
const secureMac = '52:54:00:00:00:01';
const otherMac = '52:54:00:00:00:02';
// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of iPXE
const script = 'http://10.1.1.252:8080/boot/${netX/mac:hexhyp}';
const debian = ['undionly.kpxe', 'ipxe.efi', 'snponly.efi', 'shimx64.efi', 'grubx64.efi'];

const settings = (more: Partial<DnsmasqSettings> = {}): DnsmasqSettings =>
  makeDnsmasqSettings({
    ...{ mode: 'dhcp', address: here, server: `http://${here}:8080` },
    subnets: [
      {
        ...{ network: '10.1.1.0', netmask: '255.255.255.0', gateway: '' },
        pool: { first: '10.1.1.100', last: '10.1.1.150' },
      },
    ],
    loaders: new Set([...debian, 'snponly-arm64.efi', 'shimaa64.efi', 'grubaa64.efi']),
    loaderUrl: (name) => `http://${here}:8080/boot/asset/0/${name}`,
    secureBootMacs: [secureMac],
    leaseFile: '/run/leases',
    pidFile: '/run/dnsmasq.pid',
    tftpRoot: '/run',
    user: 'root',
    ...more,
  });

const option = (code: number, bytes: Buffer) =>
  Buffer.from([code, bytes.length, ...bytes]).toString('hex');
/** What firmware of this number sends (RFC 4578; UEFI 2.10, 24.7). */
const firmware = (architecture: number, words = 'PXEClient') =>
  option(60, Buffer.from(`${words}:Arch:${String(architecture).padStart(5, '0')}:UNDI:003016`)) +
  option(93, Buffer.from([architecture >> 8, architecture & 255]));
const ipxe = firmware(7) + option(77, Buffer.from('iPXE')) + option(175, Buffer.from([0]));

/** What the firmware of any kind is told: `[option 93, without Secure Boot, with Secure Boot]`. */
const table: readonly (readonly [number, string, string])[] = [
  [0x00, 'undionly.kpxe', 'undionly.kpxe'],
  [0x07, 'snponly.efi', 'shimx64.efi'],
  [0x09, 'snponly.efi', 'shimx64.efi'],
  [0x0b, 'snponly-arm64.efi', 'shimaa64.efi'],
];
const byHttp: readonly (readonly [number, string])[] = [
  [0x10, `http://${here}:8080/boot/asset/0/snponly.efi`],
  [0x13, `http://${here}:8080/boot/asset/0/snponly-arm64.efi`],
];

/** Asks as every kind of firmware does, and holds the answers against the table. */
async function expectTable(rig: DhcpRig): Promise<void> {
  const ask = (mac: string, options: string) => rig.discover(mac, '10.1.1', { options });
  for (const [architecture, plain, shim] of table)
    for (const [mac, bootFile] of [
      [otherMac, plain],
      [secureMac, shim],
    ] as const)
      expect(await ask(mac, firmware(architecture)), `${architecture} of ${mac}`).toMatchObject({
        ...{ bootFile, bootServer: here },
      });
  for (const [architecture, bootFile] of byHttp)
    expect(await ask(otherMac, firmware(architecture, 'HTTPClient'))).toMatchObject({
      ...{ bootFile, vendorClass: 'HTTPClient' },
    });
  for (const mac of [otherMac, secureMac])
    expect(await ask(mac, ipxe)).toMatchObject({ bootFile: script, bootServer: here });
  expect((await ask(otherMac, ''))?.bootFile, 'a system that runs').toBe('');
}

const run = {
  dnsmasq:
    'exec dnsmasq --keep-in-foreground --conf-file="$folder/config" --log-facility=- --user=root',
  kea: 'exec kea-dhcp4 -c /etc/kea/config',
  dhcpd:
    'touch /var/lib/dhcp/dhcpd.leases; exec dhcpd -4 -f -d -cf /etc/dhcp/config -lf /var/lib/dhcp/dhcpd.leases -pf /run/dhcpd.pid lan',
} as const;

describe.skipIf(!canServe('dnsmasq'))('our dnsmasq in dhcp mode', { timeout: 120_000 }, () => {
  it('tells every firmware its loader, by TFTP or by URL, and iPXE its script', async () => {
    await using rig = await openDhcpRig(renderDnsmasq(settings()), run.dnsmasq);
    await expectTable(rig);
  });

  it('gives firmware of which it has no loader an address and nothing to load', async () => {
    const loaders = new Set(debian);
    await using rig = await openDhcpRig(renderDnsmasq(settings({ loaders })), run.dnsmasq);
    const options = firmware(0x0b);
    const offer = await rig.discover(otherMac, '10.1.1', { options });
    expect(offer).toMatchObject({ type: 2, bootFile: '' });
  });
});

describe.skipIf(!canServe('dnsmasq'))(
  'our dnsmasq beside another DHCP server',
  { timeout: 120_000 },
  () => {
    const proxy = settings({
      mode: 'proxy',
      subnets: [{ network: '10.1.1.0', netmask: '255.255.255.0', gateway: '10.1.1.254' }],
      bootAddresses: [{ macs: [secureMac], ip: '10.1.1.11', name: 'a01' }],
      reservations: [{ macs: [otherMac], ip: '10.1.1.12', name: 'a02' }],
    });

    it('gives an address to the firmware of PCs with Secure Boot, with shim, and to nobody else', async () => {
      await using rig = await openDhcpRig(renderDnsmasq(proxy), run.dnsmasq);
      const ask = (mac: string, options: string, tries = 40) =>
        rig.discover(mac, '10.1.1', { options, tries });
      expect(await ask(secureMac, firmware(7))).toMatchObject({
        ...{ ip: '10.1.1.11', bootFile: 'shimx64.efi', bootServer: here, router: '10.1.1.254' },
        // Firmware prefers such an offer to the address of the campus (PXE 2.1).
        ...{ vendorClass: 'PXEClient', leaseSeconds: 600 },
      });
      expect(await ask(secureMac, '', 1), 'its system, once it runs').toBeNull();
      expect((await ask(secureMac, firmware(0), 1))?.ip ?? '', 'started as a BIOS').not.toMatch(
        /^10/,
      );
      for (const mac of [otherMac, '52:54:00:00:00:99'])
        expect(
          await ask(mac, firmware(7)),
          'a PC without Secure Boot, registered or not',
        ).toMatchObject({
          ...{ ip: '0.0.0.0', bootServer: here, vendorClass: 'PXEClient' },
        });
      expect(await ask(otherMac, ipxe)).toMatchObject({ ip: '0.0.0.0', bootFile: script });
      expect(await ask('52:54:00:00:00:99', '', 1), 'a stranger').toBeNull();
      expect(await ask(otherMac, firmware(0x10, 'HTTPClient'), 1), 'HTTP Boot').toBeNull();
    });
  },
);

/** Every server's whole configuration around the lines that are printed for it. */
const campus: { readonly [P in Exclude<ExternalProduct, 'windows'>]: (lines: string) => string } = {
  dnsmasq: (lines) =>
    `port=0\ninterface=lan\nbind-interfaces\nno-ping\ndhcp-authoritative\ndhcp-leasefile=/run/leases\ndhcp-range=10.1.1.100,10.1.1.150,255.255.255.0,1h\n${lines}`,
  kea: (lines) =>
    JSON.stringify({
      Dhcp4: {
        'interfaces-config': { interfaces: ['lan'], 'dhcp-socket-type': 'udp' },
        'lease-database': { type: 'memfile', persist: false },
        subnet4: [{ subnet: '10.1.1.0/24', pools: [{ pool: '10.1.1.100 - 10.1.1.150' }] }],
        ...(JSON.parse(lines) as object),
      },
    }),
  isc: (lines) =>
    `authoritative;\nping-check false;\n${lines}subnet 10.1.1.0 netmask 255.255.255.0 { range 10.1.1.100 10.1.1.150; }\n`,
};

const servers = [
  { product: 'dnsmasq', tool: 'dnsmasq', command: run.dnsmasq },
  { product: 'kea', tool: 'kea-dhcp4', command: run.kea },
  { product: 'isc', tool: 'dhcpd', command: run.dhcpd },
] as const;

for (const { product, tool, command } of servers) {
  describe.skipIf(!canServe(tool))(
    `a campus's own ${tool} with the lines printed for it`,
    { timeout: 120_000 },
    () => {
      it('takes them, and tells every firmware its loader at our address', async () => {
        const lines = renderExternal(product, settings({ mode: 'tftp' }));
        await using rig = await openDhcpRig(campus[product](lines), command);
        await expectTable(rig);
      });
    },
  );
}
