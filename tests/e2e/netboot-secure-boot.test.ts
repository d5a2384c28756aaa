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

const minute = 60_000;
const mac = '52:54:00:00:00:01';
const uuid = '11111111-2222-4333-8444-555555555501';

const inventory = `
all:
  children:
    lab_a:
      vars: {room: {subnet: 10.77.0.0/24, gateway: 10.77.0.1}, profile: rescue, secure_boot: true}
      hosts:
        a01: {mac: "${mac}", ip: 10.77.0.11, seat: A-01, uuid: ${uuid}}
`;

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

function openSecureLab(): Promise<VmLab> {
  const pc = { name: 'pc', kind: 'secureboot', mac, uuid, serial: 'SN-1' } as const;
  return openVmLab({ campusDhcp: false, vms: [{ ...pc, diskGiB: 0, memoryMiB: 1024 }] });
}

describe.skipIf(!canServe('dnsmasq', 'qemu-system-x86_64', 'mmdebstrap'))(
  'a PC with Secure Boot',
  () => {
    it(
      "is given shim and the distribution's signed GRUB; a kernel with one byte changed does not start",
      async () => {
        await using lab = await openSecureLab();
        const project = openLabProject(lab, inventory);
        await bringSystem(project, (kernel) => {
          kernel[1_000_000] = (kernel[1_000_000] ?? 0) ^ 1;
        });
        const service = await project.serve(['--mode', 'dhcp']);
        await arm(project, service);
        const pc = lab.vm('pc');
        await pc.powerOn();
        await pc.awaitConsole(/bad shim signature/, 9 * minute);
        expect(service.said()).toMatch(/fetched shimx64\.efi[\s\S]*fetched grubx64\.efi/);
        expect(service.said()).toMatch(/fetched asset\/[0-9a-f]{64}\/vmlinuz/);
        expect(await service.stop()).toBe(0);
      },
      12 * minute,
    );
  },
);
