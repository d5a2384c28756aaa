import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openVmLab, type VmLab } from '../../sim/vm/open-vm-lab.ts';
import type { VmWish } from '../../sim/vm/types.ts';
import type { Arming } from '../../src/model/boot.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { type LabProject, openLabProject, until } from '../helpers/boot-service.ts';
import { canServe } from '../helpers/can-serve.ts';
import { openDeploymentSystem } from '../helpers/deployment-system.ts';
import { installOldSystem, isSameDisk } from '../helpers/old-system.ts';
import { openVmImage } from '../helpers/vm-image.ts';

const minute = 60_000;
const names = ['a01', 'a02', 'a03', 'a04'] as const;
const uuidOf = (at: number) => `11111111-2222-4333-8444-55555555550${at}`;
const machines = names.map(
  (name, index): VmWish => ({
    ...{ name, kind: 'bios-ipxe', mac: `52:54:00:00:00:0${index + 1}` },
    ...{ uuid: uuidOf(index + 1), serial: '', diskSerial: `DISK-${index + 1}` },
    ...{ diskGiB: 4, memoryMiB: 1024, wakes: true },
  }),
);

/** Of a01 the register knows another machine, of a02 another disk. */
const inventory = (key: string) => `
all:
  vars: {ansible_user: root, ansible_ssh_private_key_file: "${key}"}
  children:
    lab_a:
      vars: {room: {title: 一号机房, subnet: 10.77.0.0/24, gateway: 10.77.0.1}, profile: lab-pc}
      hosts:
        a01: {mac: "52:54:00:00:00:01", ip: 10.77.0.11, seat: A-01, uuid: ${uuidOf(9)}}
        a02: {mac: "52:54:00:00:00:02", ip: 10.77.0.12, seat: A-02, uuid: ${uuidOf(2)}, disk: {serial: DISK-9}}
        a03: {mac: "52:54:00:00:00:03", ip: 10.77.0.13, seat: A-03, uuid: ${uuidOf(3)}}
        a04: {mac: "52:54:00:00:00:04", ip: 10.77.0.14, seat: A-04, uuid: ${uuidOf(4)}, disk: {serial: DISK-4}}
`;

async function openProject(lab: VmLab): Promise<LabProject> {
  const key = join(lab.segment.folder, 'key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const project = openLabProject(lab, inventory(key));
  const profiles = join(project.folder, 'playbooks', 'profiles');
  mkdirSync(profiles, { recursive: true });
  writeFileSync(join(project.folder, 'lab.yaml'), 'state: .lab\n');
  writeFileSync(join(profiles, 'lab-pc.yaml'), 'base: debian-12\noptions: {image: debian-12}\n');
  const { images } = await openVmImage();
  const state = join(project.folder, '.lab');
  mkdirSync(state, { mode: 0o700 });
  symlinkSync(images, join(state, 'images'));
  symlinkSync(await openDeploymentSystem(), join(state, 'deployment-system'));
  return project;
}

interface Row {
  readonly host: string;
  readonly outcome: string;
  readonly stage: string;
  readonly reason: string;
  readonly hint: string;
  readonly stages: readonly { readonly stage: string; readonly at: string }[];
}

function readRows(project: LabProject, file: string): Record<string, Row> {
  const text = readFileSync(join(project.folder, file), 'utf8');
  const { hosts }: { hosts: Row[] } = JSON.parse(text);
  for (const { host, outcome, stage, reason, stages } of hosts)
    console.log(
      `${host}: ${outcome} ${stage} ${reason}; ${stages.map((one) => `${one.at.slice(11, 19)} ${one.stage}`).join(', ')}`,
    );
  return Object.fromEntries(hosts.map((row) => [row.host, row]));
}

/** The newest armed boot of a host. */
function armingOf(store: Store, host: string): Arming | undefined {
  return store.armings
    .list('all')
    .filter(({ order }) => order.host === host)
    .sort((one, other) => other.order.armedAt - one.order.armedAt)[0];
}

async function statusOf(project: LabProject, ...more: string[]) {
  const text = await project.lab(['netboot', 'status', '-o', 'json', ...more]);
  return JSON.parse(text) as {
    readonly hosts: readonly { host: string; state: string }[];
  };
}

const asked = ['-q', '-o', 'json', '--output-file'];

describe.skipIf(!canServe('dnsmasq', 'qemu-system-x86_64', 'qemu-io', 'mmdebstrap', 'ssh-keygen'))(
  'a room of virtual PCs in waves of two',
  () => {
    it(
      'says of each which stage and why: another UUID, another disk, switched off while it wrote, fine; a retry brings the one that was switched off',
      async () => {
        await using lab = await openVmLab({ campusDhcp: false, vms: machines });
        const old = new Map<string, string>(
          names.map((name) => [name, installOldSystem(lab.vm(name).disk, `old system of ${name}`)]),
        );
        const isUntouched = (name: string) => isSameDisk(old.get(name) ?? '', lab.vm(name).disk);
        const project = await openProject(lab);
        const service = await project.serve(['--mode', 'dhcp', '--router-advertisements']);
        using stack = new DisposableStack();
        const store = await openStore(join(project.folder, '.lab'));
        stack.defer(() => store.close());

        const ran = project.ends([
          ...['reinstall', 'lab_a', '--waves', '2,2', '--max-fail-percentage', '100'],
          // Programs are emulated one instruction at a time: a limit of a stage only ends what hangs.
          ...['--stage-deadline', '1500', '--yes', '--confirm', '4', ...asked, 'first.json'],
        ]);
        const early = ran.then(({ printed }) => {
          throw new Error(`it ended before a03 was written: ${printed}`);
        });
        const begun = () => (armingOf(store, 'a03')?.progress.doneBytes ?? 0) > 0;
        await Promise.race([until('bytes on the disk of a03', begun, 20 * minute), early]);
        // The second wave began only behind the first.
        expect(names.slice(0, 2).map((name) => armingOf(store, name)?.state)).toEqual([
          'failed',
          'failed',
        ]);
        await lab.vm('a03').powerOff();
        expect(armingOf(store, 'a03')?.state).toBe('writing');
        await until('the end of a04', () => armingOf(store, 'a04')?.stage === 'done', 20 * minute);
        // Somebody switches it on again: it is not to begin anew by itself.
        await lab.vm('a03').powerOn();
        const { exitCode, printed } = await ran;
        expect(exitCode, printed).toBe(2);
        const rows = readRows(project, 'first.json');
        expect(rows['a01']).toMatchObject({
          ...{ outcome: 'failed', stage: 'identity' },
          reason: `the PC says UUID "${uuidOf(1)}", registered is "${uuidOf(9)}"`,
        });
        // It chooses its disk when it has read its job.
        expect(rows['a02']).toMatchObject({ outcome: 'failed', stage: 'answers' });
        expect(rows['a02']?.reason).toMatch(
          /the registered disk \(serial DISK-9, .*\) is not here; found: vda .*DISK-2/,
        );
        expect(rows['a03']).toMatchObject({
          ...{ outcome: 'failed', stage: 'writing' },
          reason: 'the PC restarted while its disk was being written',
        });
        expect(rows['a03']?.hint).toContain('retry');
        expect(rows['a04']).toMatchObject({ outcome: 'ok', stage: 'done', reason: '' });

        expect((await statusOf(project)).hosts).toEqual([]);
        const { hosts } = await statusOf(project, '--all');
        expect(Object.fromEntries(hosts.map(({ host, state }) => [host, state]))).toEqual({
          ...{ a01: 'failed', a02: 'failed', a03: 'failed', a04: 'installed' },
        });
        // From now on they start what is on their disks: a01 has done so, a02 does when it is started again.
        await lab.vm('a01').awaitConsole(/old system of a01/, 10 * minute);
        const before = lab.vm('a02').console().length;
        await lab.vm('a02').reset();
        await lab.vm('a02').awaitConsole(/old system of a02/, 10 * minute, before);
        for (const name of ['a01', 'a02', 'a03']) await lab.vm(name).powerOff();
        expect(names.slice(0, 3).map(isUntouched)).toEqual([true, true, false]);

        const retried = await project.ends([
          ...['runs', 'retry', '--yes', '--confirm', '3', ...asked, 'second.json'],
        ]);
        expect(retried.exitCode, retried.printed).toBe(2);
        const again = Object.values(readRows(project, 'second.json'));
        expect(again.map(({ host, outcome, stage }) => [host, outcome, stage])).toEqual([
          ['a01', 'failed', 'identity'],
          ['a02', 'failed', 'answers'],
          ['a03', 'ok', 'done'],
        ]);
        const look = ['run', 'a03,a04', '--host-key-check', 'strict', '-o', 'json', '--'];
        const found = await project.lab([...look, 'cat', '/etc/hostname', '/etc/labkit/image']);
        expect(found).toMatch(/a03\\ndebian-12 [\s\S]*a04\\ndebian-12 /);
        for (const name of ['a01', 'a02']) await lab.vm(name).powerOff();
        expect(names.slice(0, 2).map(isUntouched)).toEqual([true, true]);
        expect(await service.stop()).toBe(0);
      },
      55 * minute,
    );
  },
);
