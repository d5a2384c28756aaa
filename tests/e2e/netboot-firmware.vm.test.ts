import { describe, expect, it } from 'vitest';
import { campusConfig, labNetwork, openVmLab } from '../../sim/vm/open-vm-lab.ts';
import type { VmKind, VmWish } from '../../sim/vm/types.ts';
import { openLabProject } from '../helpers/boot-service.ts';
import { canServe } from '../helpers/can-serve.ts';

const minute = 60_000;
const mac = '52:54:00:00:00:01';

const machine = (kind: VmKind): VmWish => ({
  ...{ name: 'pc', kind, mac, uuid: '11111111-2222-4333-8444-555555555501', serial: 'SN-1' },
  ...{ diskGiB: 0, memoryMiB: 768 },
});

const inventory = (more: string) => `
all:
  children:
    lab_a:
      vars: {room: {subnet: 10.77.0.0/24, gateway: 10.77.0.1}}
      hosts:
        a01: {mac: "${mac}", ip: 10.77.0.11, seat: A-01${more}}
`;

describe.skipIf(!canServe('dnsmasq', 'qemu-system-x86_64', 'grub-mkimage'))(
  'PCs of every firmware boot from the network',
  () => {
    it.each([
      ['bios', 'undionly.kpxe'],
      ['uefi', 'snponly.efi'],
    ] as const)(
      '%s beside the DHCP server of the campus: loader, script, menu, its own disk by default',
      async (kind, loader) => {
        await using lab = await openVmLab({ campusDhcp: true, vms: [machine(kind)] });
        const service = await openLabProject(lab, inventory('')).serve();
        const pc = lab.vm('pc');
        await pc.powerOn();
        await pc.awaitConsole(/Labkit: a01, lab_a \/ A-01/, 6 * minute);
        await pc.awaitConsole(/Reinstall this PC \(needs a PIN/, minute);
        expect(service.said()).toMatch(new RegExp(`10\\.77\\.0\\.1\\d\\d fetched ${loader}`));
        expect(await service.stop()).toBe(0);
      },
      8 * minute,
    );

    it(
      "by a DHCP server of the campus that was told the lines which external mode prints, its firmware a vendor's",
      async () => {
        await using lab = await openVmLab({ campusDhcp: false, vms: [machine('bios')] });
        const service = await openLabProject(lab, inventory('')).serve(['--mode', 'external']);
        const [, lines = ''] = /^# dnsmasq\n([\s\S]*?)\n\n/m.exec(service.said()) ?? [];
        expect(lines).toContain('dhcp-boot=tag:!ipxe,tag:bios,undionly.kpxe,,10.77.0.2');
        const campus = lab.segment.join(labNetwork.campus);
        await lab.segment.startDnsmasq(campus.namespace, `${campusConfig}${lines}\n`);
        const pc = lab.vm('pc');
        await pc.powerOn();
        await pc.awaitConsole(/Labkit: a01, lab_a \/ A-01/, 6 * minute);
        expect(service.said()).toMatch(/10\.77\.0\.1\d\d fetched undionly\.kpxe/);
        expect(await service.stop()).toBe(0);
      },
      8 * minute,
    );

    it(
      'in dhcp mode each registered PC gets its address of the register, and no PC waits for a router',
      async () => {
        await using lab = await openVmLab({ campusDhcp: false, vms: [machine('bios-ipxe')] });
        const service = await openLabProject(lab, inventory('')).serve([
          ...['--mode', 'dhcp', '--router-advertisements'],
        ]);
        const pc = lab.vm('pc');
        await pc.powerOn();
        await pc.awaitConsole(/net0: 10\.77\.0\.11\/255\.255\.255\.0/, 4 * minute);
        await pc.awaitConsole(/Labkit: a01, lab_a \/ A-01/, 2 * minute);
        expect(await service.stop()).toBe(0);
      },
      8 * minute,
    );
  },
);
