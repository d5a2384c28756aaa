import { describe, expect, it } from 'vitest';
import { openPxeFleet } from '../../sim/vm/boot-pxe-clients.ts';
import { openVmLab } from '../../sim/vm/open-vm-lab.ts';
import { openLabProject } from '../helpers/boot-service.ts';
import { canServe } from '../helpers/can-serve.ts';

/** Half of the PCs are registered. */
const inventory = (macs: readonly string[]) => `
all:
  children:
    lab_a:
      vars: {room: {title: 一号机房, subnet: 10.77.0.0/24, gateway: 10.77.0.1}}
      hosts:
${macs.map((mac, at) => `        a${String(at + 1).padStart(2, '0')}: {mac: "${mac}", ip: 10.77.0.${11 + at}, seat: A-${at + 1}}`).join('\n')}
`;

describe.skipIf(!canServe('dnsmasq', 'grub-mkimage'))(
  'twelve PCs that are switched on at once',
  () => {
    it('all get an address of their own, the loader of their firmware and their script', async () => {
      await using lab = await openVmLab({ campusDhcp: false, vms: [] });
      const fleet = openPxeFleet(lab.segment, 12, 200);
      const registered = fleet.macs.slice(0, 6);
      const project = openLabProject(lab, inventory(registered));
      const prepared = await project.lab(['netboot', 'prepare', '--mode', 'dhcp']);
      const service = await project.serve([
        ...['--mode', 'dhcp', '--pool', '10.77.0.100-10.77.0.120'],
      ]);
      const outcomes = await fleet.boot();
      const got = outcomes.map((one) => {
        if ('lost' in one) throw new Error(`${one.mac} was lost: ${one.lost}`);
        return one;
      });
      // Milliseconds to the lease, to the whole loader, of the greeting, of the script, in all.
      for (const { mac, ip, offerMs, loaderMs, greetingMs, scriptMs, totalMs } of got)
        console.log(mac, ip, ...[offerMs, loaderMs, greetingMs, scriptMs, totalMs].map(Math.round));
      expect(new Set(got.map(({ ip }) => ip)).size).toBe(12);
      expect(got.slice(0, 6).map(({ ip }) => ip)).toEqual(
        registered.map((_, at) => `10.77.0.${11 + at}`),
      );
      for (const { loader, loaderSha256 } of got) {
        const [, sha256] = new RegExp(`^${loader}  \\d+ bytes  (\\w+)`, 'm').exec(prepared) ?? [];
        expect(loaderSha256.slice(0, 16)).toBe(sha256);
      }
      expect(new Set(got.map(({ loader }) => loader)).size).toBe(2);
      for (const [at, { script }] of got.entries()) {
        expect(script).toMatch(/^#!ipxe\n/);
        // Whoever is not registered is offered to be.
        expect(/^item register/m.test(script)).toBe(at >= 6);
      }
      expect(service.said()).not.toContain('dnsmasq died');
      expect(await service.stop()).toBe(0);
    }, 180_000);
  },
);
