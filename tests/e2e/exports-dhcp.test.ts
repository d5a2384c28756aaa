import { describe, expect, it } from 'vitest';
import dnsmasq from '../../src/catalog/exports/dnsmasq.ts';
import iscDhcpd from '../../src/catalog/exports/isc-dhcpd.ts';
import kea from '../../src/catalog/exports/kea.ts';
import { canServe } from '../helpers/can-serve.ts';
import { type DhcpRig, openDhcpRig } from '../helpers/dhcp-rig.ts';
import { writeExport } from '../helpers/write-export.ts';

const inventory = `
all:
  children:
    lab_a:
      vars: {room: {title: 计算机室一, subnet: 10.1.1.0/24, gateway: 10.1.1.254}}
      hosts:
        a01: {mac: "00:e0:4c:01:00:01", ip: 10.1.1.1}
        a02: {mac: [{addr: "00:e0:4c:01:00:02"}, {addr: "00:e0:4c:01:01:02", role: wifi}], ip: 10.1.1.2}
    lab_b:
      vars: {room: {subnet: 10.1.2.0/24}}
      hosts:
        b01: {mac: "00:e0:4c:02:00:01", ip: 10.1.2.1}
`;

/** Each server: its program, how it is started, and whether it takes several addresses for one PC. */
const servers = [
  {
    entry: dnsmasq,
    tool: 'dnsmasq',
    command:
      'exec dnsmasq --keep-in-foreground --port=0 --user=root --conf-file="$folder/config" --log-facility=- --dhcp-leasefile="$folder/leases" --pid-file',
    takesWifi: true,
  },
  {
    entry: kea,
    tool: 'kea-dhcp4',
    command: 'exec kea-dhcp4 -c /etc/kea/config',
    takesWifi: false,
  },
  {
    entry: iscDhcpd,
    tool: 'dhcpd',
    command:
      'touch /var/lib/dhcp/dhcpd.leases; exec dhcpd -4 -f -d -cf /etc/dhcp/config -lf /var/lib/dhcp/dhcpd.leases -pf /run/dhcpd.pid lan',
    takesWifi: true,
  },
] as const;

for (const { entry, tool, command, takesWifi } of servers) {
  describe.skipIf(!canServe(tool))(`a running ${tool} with our ${entry.name} export`, () => {
    it('offers each PC its registered address, whatever client id it sends, and strangers none', async () => {
      await using rig: DhcpRig = await openDhcpRig(
        writeExport(entry, inventory, { dns: '10.1.1.53' }),
        command,
      );
      const offer = { type: 2, netmask: '255.255.255.0', dns: '10.1.1.53', leaseSeconds: 43_200 };
      expect(await rig.discover('00:e0:4c:01:00:01', '10.1.1')).toMatchObject({
        ...offer,
        ip: '10.1.1.1',
        name: 'a01',
        router: '10.1.1.254',
      });
      for (const clientId of ['0100e04c010001', 'ff4c010001000100012a', ''])
        expect(await rig.discover('00:e0:4c:01:00:01', '10.1.1', { clientId })).toMatchObject({
          ip: '10.1.1.1',
        });
      expect(await rig.discover('00:e0:4c:02:00:01', '10.1.2')).toMatchObject({
        ...offer,
        ip: '10.1.2.1',
        router: '',
      });
      const wifi = await rig.discover('00:e0:4c:01:01:02', '10.1.1', { tries: takesWifi ? 40 : 1 });
      expect(wifi?.ip).toBe(takesWifi ? '10.1.1.2' : undefined);
      for (const [mac, subnet] of [
        ['00:e0:4c:09:09:09', '10.1.1'],
        ['00:e0:4c:01:00:01', '10.1.2'],
      ] as const)
        expect(await rig.discover(mac, subnet, { tries: 1 }), mac).toBeNull();
    });
  });
}
