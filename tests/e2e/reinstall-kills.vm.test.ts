import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openVmLab, type VmLab } from '../../sim/vm/open-vm-lab.ts';
import type { VmWish } from '../../sim/vm/types.ts';
import type { Arming, BootStage } from '../../src/model/boot.ts';
import { openStore } from '../../src/store/store.ts';
import { type LabProject, until } from '../helpers/boot-service.ts';
import { canServe } from '../helpers/can-serve.ts';
import { openVmProject } from '../helpers/vm-project.ts';

const minute = 60_000;

const pc: VmWish = {
  ...{ name: 'a01', kind: 'bios-ipxe', mac: '52:54:00:00:00:01', serial: 'SN-1' },
  ...{ uuid: '11111111-2222-4333-8444-555555555501', memoryMiB: 1024, diskGiB: 4, wakes: true },
};

const inventory = (key: string) => `
all:
  vars: {ansible_user: root, ansible_ssh_private_key_file: "${key}"}
  children:
    lab_a:
      vars: {room: {subnet: 10.77.0.0/24, gateway: 10.77.0.1}, profile: lab-pc}
      hosts:
        a01: {mac: "${pc.mac}", ip: 10.77.0.11, seat: A-01, uuid: ${pc.uuid}, serial: ${pc.serial}}
`;

const after = `- hosts: all
  tasks:
    - name: leave a mark
      ansible.builtin.copy: {content: "done\\n", dest: /srv/reinstalled}
`;

async function openProject(lab: VmLab): Promise<LabProject> {
  const project = await openVmProject(lab, inventory);
  const profiles = join(project.folder, 'playbooks', 'profiles');
  mkdirSync(profiles, { recursive: true });
  writeFileSync(join(project.folder, 'playbooks', 'after.yml'), after);
  writeFileSync(
    join(profiles, 'lab-pc.yaml'),
    'base: debian-12\noptions: {image: debian-12}\nplaybook: playbooks/after.yml\n',
  );
  return project;
}

/** Who is killed, when the PC has come so far and so much of its disk is written. */
interface Kill {
  readonly victims: 'controller' | 'service' | 'both';
  readonly stage: BootStage;
  readonly part?: number;
}

const kills: readonly Kill[] = [
  { victims: 'controller', stage: 'armed' },
  { victims: 'both', stage: 'identity' },
  { victims: 'service', stage: 'kernel' },
  { victims: 'both', stage: 'writing', part: 0.3 },
  { victims: 'controller', stage: 'writing', part: 0.6 },
  { victims: 'both', stage: 'installed' },
  { victims: 'controller', stage: 'os-up' },
  { victims: 'controller', stage: 'proven' },
];

function hasCome({ stages, progress }: Arming, { stage, part = 0 }: Kill): boolean {
  const { doneBytes, totalBytes } = progress;
  return stages.some((one) => one.stage === stage) && doneBytes >= part * totalBytes;
}

/** A controller that can be killed; it goes on as a technician would have it. */
function openController(lab: VmLab, project: LabProject) {
  let child: ChildProcess;
  let said = '';
  let ended: Promise<unknown[]>;
  const start = (args: readonly string[]): void => {
    child = lab.segment.start(lab.controller, project.command([...args, '-q']));
    ended = once(child, 'close');
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (piece) => {
        said += String(piece);
      });
  };
  start(['reinstall', 'lab_a', '--yes', '--confirm', '1', '--stage-deadline', '1500']);
  return {
    hasEnded: () => child.exitCode !== null,
    said: () => said,
    async kill() {
      child.kill('SIGKILL');
      await ended;
      start(['runs', 'resume']);
    },
    async end() {
      const [code] = await ended;
      return code;
    },
  };
}

/** A boot service that can be killed. Its dnsmasq ends with it: then there is another. */
async function openService(lab: VmLab, project: LabProject) {
  const serve = () => project.serve(['--mode', 'dhcp', '--router-advertisements']);
  const dhcpPort = ['ss', '--no-header', '--listening', '--udp', '--numeric', 'sport = :67'];
  let service = await serve();
  return {
    async kill() {
      const gone = once(service.child, 'exit');
      service.child.kill('SIGKILL');
      await gone;
      const isFree = async () => (await lab.segment.run(lab.controller, dhcpPort)) === '';
      await until('the end of its dnsmasq', isFree);
      service = await serve();
    },
    stop: () => service.stop(),
  };
}

describe.skipIf(!canServe('dnsmasq', 'qemu-system-x86_64', 'mmdebstrap', 'ssh-keygen', 'ss'))(
  'a virtual PC whose controller and boot service are killed while it is installed',
  () => {
    it(
      `ends proven, written once, behind ${kills.length} kills -9`,
      async () => {
        await using lab = await openVmLab({ campusDhcp: false, vms: [pc] });
        const project = await openProject(lab);
        const service = await openService(lab, project);
        await using stack = new AsyncDisposableStack();
        const store = await openStore(join(project.folder, '.lab'));
        stack.defer(() => store.close());
        const vm = lab.vm('a01');
        const met: string[] = [];
        let installedBytes = 0;
        const controller = openController(lab, project);
        const awaitMoment = (kill: Kill): Promise<Arming> =>
          until(
            kill.stage,
            () => {
              const [arming] = store.armings.list('all');
              if (arming && hasCome(arming, kill)) return arming;
              if (controller.hasEnded())
                throw new Error(`${controller.said()}\n${JSON.stringify(arming)}\n${vm.console()}`);
              return undefined;
            },
            15 * minute,
          );
        for (const kill of kills) {
          const { stage } = await awaitMoment(kill);
          met.push(stage);
          if (kill.victims !== 'service') await controller.kill();
          if (kill.victims !== 'controller') await service.kill();
          if (kill.stage === 'installed') installedBytes = await vm.countWrittenBytes();
        }
        const code = await controller.end();
        console.info(`killed at ${met.join(', ')}`);
        // Killed behind its last event, nothing is left to go on with: that it is done is looked at below.
        if (!/ came to its end$/m.test(controller.said())) expect(code, controller.said()).toBe(0);
        expect(new Set(met).size).toBeGreaterThanOrEqual(5);

        expect(
          store.armings.list('all').map(({ order, state, stage }) => [order.host, state, stage]),
        ).toEqual([['a01', 'installed', 'done']]);
        // Started twice: for the deployment system, which writes once at each start, and for the new one.
        expect(lab.woken).toEqual(['a01']);
        expect(vm.console().match(/SeaBIOS \(version/g)).toHaveLength(2);
        const writtenBytes = await vm.countWrittenBytes();
        console.info(`written: ${installedBytes} bytes until installed, ${writtenBytes} in all`);
        expect(installedBytes).toBeGreaterThan(100_000_000);
        expect(writtenBytes).toBeLessThan(1.5 * installedBytes);
        const look = 'hostname; cut -d" " -f1 /etc/labkit/image; cat /srv/reinstalled';
        const strict = ['--host-key-check', 'strict', '-o', 'json'];
        expect(await project.lab(['run', 'a01', ...strict, '--', 'sh', '-c', look])).toContain(
          'a01\\ndebian-12\\ndone\\n',
        );
        expect(await service.stop()).toBe(0);
      },
      50 * minute,
    );
  },
);
