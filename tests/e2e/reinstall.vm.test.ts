import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openVmLab, type VmLab } from '../../sim/vm/open-vm-lab.ts';
import type { VmWish } from '../../sim/vm/types.ts';
import { type LabProject, openLabProject } from '../helpers/boot-service.ts';
import { canServe } from '../helpers/can-serve.ts';
import { openDeploymentSystem } from '../helpers/deployment-system.ts';
import { openVmImage } from '../helpers/vm-image.ts';

const minute = 60_000;

// Cards of the kind that Debian's kernel for virtual machines has a driver for.
const machines = (['bios-ipxe', 'uefi'] as const).map(
  (kind, index): VmWish => ({
    ...{ name: `a0${index + 1}`, kind, mac: `52:54:00:00:00:0${index + 1}` },
    ...{ uuid: `11111111-2222-4333-8444-55555555550${index + 1}`, serial: `SN-${index + 1}` },
    ...{ diskGiB: 4, diskSerial: `DISK-${index + 1}`, memoryMiB: 1024, wakes: true },
  }),
);

const inventory = (key: string) => `
all:
  vars: {ansible_user: root, ansible_ssh_private_key_file: "${key}"}
  children:
    lab_a:
      vars: {room: {title: 一号机房, subnet: 10.77.0.0/24, gateway: 10.77.0.1}, profile: lab-pc}
      hosts:
${machines.map(({ name, mac, uuid, serial }, index) => `        ${name}: {mac: "${mac}", ip: 10.77.0.1${index + 1}, seat: A-0${index + 1}, uuid: ${uuid}, serial: ${serial}}`).join('\n')}
`;

const after = `- hosts: all
  tasks:
    - name: leave a mark
      ansible.builtin.lineinfile: {path: /srv/reinstalled, line: "{{ inventory_hostname }}", create: true, mode: '0644'}
`;

async function openProject(lab: VmLab): Promise<LabProject> {
  const key = join(lab.segment.folder, 'key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const project = openLabProject(lab, inventory(key));
  const profiles = join(project.folder, 'playbooks', 'profiles');
  mkdirSync(profiles, { recursive: true });
  writeFileSync(join(project.folder, 'lab.yaml'), 'state: .lab\n');
  writeFileSync(join(project.folder, 'playbooks', 'after.yml'), after);
  writeFileSync(
    join(profiles, 'lab-pc.yaml'),
    'base: debian-12\noptions: {image: debian-12}\nplaybook: playbooks/after.yml\n',
  );
  const { images } = await openVmImage();
  const state = join(project.folder, '.lab');
  mkdirSync(state, { mode: 0o700 });
  symlinkSync(images, join(state, 'images'));
  symlinkSync(await openDeploymentSystem(), join(state, 'deployment-system'));
  return project;
}

interface Told {
  readonly hosts: readonly {
    readonly host: string;
    readonly outcome: string;
    readonly stage: string;
    readonly reason: string;
    readonly stages: readonly { readonly stage: string; readonly evidence: string }[];
  }[];
}

/** Reinstalls the room; programs are emulated one instruction at a time, so the limit of a stage only ends what hangs. */
async function reinstall(project: LabProject): Promise<Told> {
  const words = ['reinstall', 'lab_a', '--yes', '--confirm', '2', '--stage-deadline', '1500'];
  const printed = await project.lab([...words, '-q', '-o', 'json', '--output-file', 'told.json']);
  const told = JSON.parse(readFileSync(join(project.folder, 'told.json'), 'utf8')) as Told;
  for (const { host, stages } of told.hosts)
    console.log(
      `${host}: ${stages.map(({ stage, evidence }) => `${stage} (${evidence})`).join(', ')}`,
    );
  const ends = told.hosts.map(({ host, outcome, stage, reason }) => [host, outcome, stage, reason]);
  expect(ends, printed).toEqual([
    ['a01', 'ok', 'done', ''],
    ['a02', 'ok', 'done', ''],
  ]);
  return told;
}

const evidenceOf = (told: Told, host: string, stage: string): string | undefined =>
  told.hosts.find((one) => one.host === host)?.stages.find((one) => one.stage === stage)?.evidence;

/** What the new systems say of themselves over SSH, with no host key but those that were posted. */
async function ask(project: LabProject, host: string): Promise<string> {
  const look =
    'hostname; cut -d" " -f1 /etc/labkit/image; cat /srv/reinstalled; cat /etc/machine-id';
  return project.lab([
    'run',
    host,
    '--host-key-check',
    'strict',
    '-o',
    'json',
    '--',
    'sh',
    '-c',
    look,
  ]);
}

describe.skipIf(!canServe('dnsmasq', 'qemu-system-x86_64', 'mmdebstrap', 'ssh-keygen'))(
  'a room of virtual PCs, BIOS and UEFI',
  () => {
    it(
      'is reinstalled from cold metal, woken by magic packets, and once more from its running systems',
      async () => {
        await using lab = await openVmLab({ campusDhcp: false, vms: machines });
        const project = await openProject(lab);
        const service = await project.serve(['--mode', 'dhcp', '--router-advertisements']);
        const first = await reinstall(project);
        expect([...lab.woken].sort()).toEqual(['a01', 'a02']);
        expect(evidenceOf(first, 'a01', 'os-up')).toContain(
          'with the host key of its installation',
        );
        const before = await ask(project, 'a01');
        expect(before).toMatch(/a01\\ndebian-12\\na01\\n/);

        const second = await reinstall(project);
        expect(lab.woken).toHaveLength(2);
        expect(evidenceOf(second, 'a02', 'done')).toBe('proven');
        const present = await ask(project, 'a01');
        expect(present).toMatch(/a01\\ndebian-12\\na01\\n/);
        expect(present).not.toBe(before);
        expect(await service.stop()).toBe(0);
      },
      55 * minute,
    );
  },
);
