import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openVmLab, type VmLab } from '../../sim/vm/open-vm-lab.ts';
import { openArming } from '../../src/netboot/arming/open-arming.ts';
import { openStore } from '../../src/store/store.ts';
import {
  type LabProject,
  openLabProject,
  type RunningService,
  until,
} from '../helpers/boot-service.ts';
import { canServe } from '../helpers/can-serve.ts';
import { openDeploymentSystem } from '../helpers/deployment-system.ts';
import { openVmProject } from '../helpers/vm-project.ts';

const minute = 60_000;
const mac = '52:54:00:00:00:01';
const uuid = '11111111-2222-4333-8444-555555555501';

const inventory = (profile: string, more = '') => `
all:
  children:
    lab_a:
      vars: {room: {subnet: 10.77.0.0/24, gateway: 10.77.0.1}, profile: ${profile}, secure_boot: true${more}}
      hosts:
        a01: {mac: "${mac}", ip: 10.77.0.11, seat: A-01, uuid: ${uuid}, serial: SN-1}
`;
/** The DHCP server of the campus has the register too; it names itself as the server of boot files, as dnsmasq does. */
const campusDhcp = `dhcp-host=${mac},10.77.0.11\ndhcp-ignore-clid`;

/** Arms the host with the rescue system, as `lab reinstall` would, and waits until GRUB has something to read. */
async function arm(project: LabProject, service: RunningService): Promise<void> {
  const store = await openStore(join(project.folder, '.lab'));
  const now = Date.now();
  store.armings.arm(
    openArming({
      ...{ id: 'order-1', run: 'run-1', host: 'a01', macs: [mac], uuid, serial: '' },
      ...{ profile: 'rescue', profileDigest: '', disk: { by: 'only' } },
      ...{ armedAt: now, expiresAt: now + 30 * minute },
    }),
  );
  store.close();
  const published = `/run/labkit/netboot-${service.child.pid}/tftp/grub/host/${mac}`;
  await until("the host's GRUB file", () => existsSync(published));
  expect(readFileSync(published, 'utf8')).not.toContain('labkit_token');
}

async function bringSystem(project: LabProject, alter: (kernel: Buffer) => void): Promise<void> {
  const kept = await openDeploymentSystem();
  const folder = join(project.folder, '.lab', 'deployment-system');
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(kept, 'initrd.img'), join(folder, 'initrd.img'));
  const kernel = readFileSync(join(kept, 'vmlinuz'));
  const digest = () => createHash('sha256').update(kernel).digest('hex');
  const before = digest();
  alter(kernel);
  writeFileSync(join(folder, 'vmlinuz'), kernel);
  // Our own check would refuse it already: whoever altered it altered the manifest too, and only the signature is left.
  const manifest = readFileSync(join(kept, 'manifest.json'), 'utf8');
  writeFileSync(join(folder, 'manifest.json'), manifest.replace(before, digest()));
}

function openSecureLab(campus: false | string, diskGiB: number): Promise<VmLab> {
  const pc = { name: 'a01', kind: 'secureboot', mac, uuid, serial: 'SN-1' } as const;
  const vm = { ...pc, diskGiB, memoryMiB: 1024, wakes: true };
  return openVmLab({ campusDhcp: campus, vms: [vm] });
}

/** What the new system says of how it was started. */
const look = 'od -An -tu1 -j4 /sys/firmware/efi/efivars/SecureBoot-*; dmesg | grep -i secureboot:';

describe.skipIf(!canServe('dnsmasq', 'qemu-system-x86_64', 'mmdebstrap'))(
  'a PC with Secure Boot',
  () => {
    it(
      "is given shim and the distribution's signed GRUB; a kernel with one byte changed does not start",
      async () => {
        await using lab = await openSecureLab(false, 0);
        const project = openLabProject(lab, inventory('rescue'));
        await bringSystem(project, (kernel) => {
          kernel[1_000_000] = (kernel[1_000_000] ?? 0) ^ 1;
        });
        const service = await project.serve(['--mode', 'dhcp']);
        await arm(project, service);
        const pc = lab.vm('a01');
        await pc.powerOn();
        await pc.awaitConsole(/bad shim signature/, 9 * minute);
        expect(service.said()).toMatch(/fetched shimx64\.efi[\s\S]*fetched grubx64\.efi/);
        expect(service.said()).toMatch(/fetched asset\/[0-9a-f]{64}\/vmlinuz/);
        expect(await service.stop()).toBe(0);
      },
      12 * minute,
    );

    it(
      'is installed whole beside the DHCP server of the campus, and its new system starts with Secure Boot on',
      async () => {
        await using lab = await openSecureLab(campusDhcp, 4);
        const more = (key: string) =>
          `, ansible_user: root, ansible_ssh_private_key_file: "${key}"`;
        const project = await openVmProject(lab, (key) => inventory('debian-12', more(key)));
        const service = await project.serve(['--secure-boot-addresses']);
        // The machine emulates; a limit only ends what hangs.
        const words = ['reinstall', 'a01', '--yes', '--confirm', '1', '--stage-deadline', '1500'];
        const printed = await project.lab([...words, '-q']);
        expect(printed, lab.vm('a01').console().slice(-3000)).toMatch(/^a01 +A-01 +ok +done/m);
        expect(lab.woken).toEqual(['a01']);
        expect(lab.vm('a01').console()).toContain('EFI stub: UEFI Secure Boot is enabled.');
        expect(service.said()).toMatch(
          /10\.77\.0\.11 fetched shimx64\.efi[\s\S]*fetched grub\/host\//,
        );
        const ssh = ['run', 'a01', '--host-key-check', 'strict', '--', 'sh', '-c', look];
        const said = await project.lab(ssh);
        expect(said).toMatch(/^\s*1$/m);
        expect(said).toContain('secureboot: Secure boot enabled');
        expect(await service.stop()).toBe(0);
      },
      35 * minute,
    );
  },
);
