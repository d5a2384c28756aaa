import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openVmLab } from '../../sim/vm/open-vm-lab.ts';
import { openStore } from '../../src/store/store.ts';
import { openLabProject, until } from '../helpers/boot-service.ts';
import { canServe } from '../helpers/can-serve.ts';
import { kernelOf, makeInstallerMirror } from '../helpers/installer-mirror.ts';
import { fetchInstaller } from '../helpers/installer-parts.ts';

const minute = 60_000;
const port = 8081;
const mac = '52:54:00:00:00:01';

const inventory = (key: string) => `
all:
  vars: {ansible_user: root, ansible_ssh_private_key_file: "${key}"}
  children:
    lab_a:
      vars: {room: {subnet: 10.77.0.0/24, gateway: 10.77.0.1}, profile: by-installer}
      hosts:
        a01: {mac: "${mac}", ip: 10.77.0.11, seat: A-01, uuid: 11111111-2222-4333-8444-555555555501, serial: SN-1, disk: {serial: DISK-1}}
`;

const profile = `base: debian-12-installer
options:
  mirror: http://10.77.0.2:${port}/debian
  kernelArgs: [console=ttyS0, DEBIAN_FRONTEND=text, debian-installer/allow_unauthenticated=true]
`;

describe.skipIf(!canServe('dnsmasq', 'qemu-system-x86_64', 'python3', 'cpio', 'ssh-keygen'))(
  'debian-installer on a virtual PC',
  () => {
    it(
      'goes hands-free from power on to its authenticated leave for the first write, for the confirmed disk',
      async () => {
        const { linux, initrd } = await fetchInstaller();
        await using lab = await openVmLab({
          campusDhcp: false,
          vms: [
            {
              ...{ name: 'a01', kind: 'bios-ipxe', mac, serial: 'SN-1', wakes: true },
              ...{ uuid: '11111111-2222-4333-8444-555555555501', memoryMiB: 1024 },
              ...{ diskGiB: 4, diskSerial: 'DISK-1' },
            },
          ],
        });
        const key = join(lab.segment.folder, 'key');
        execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
        const project = openLabProject(lab, inventory(key));
        mkdirSync(join(project.folder, 'playbooks', 'profiles'), { recursive: true });
        writeFileSync(join(project.folder, 'playbooks', 'profiles', 'by-installer.yaml'), profile);
        for (const [asset, file] of [
          ['linux', linux],
          ['initrd.gz', initrd],
        ])
          await project.lab([
            ...['netboot', 'assets', 'add', file ?? '', '--profile', 'debian-12-installer'],
            ...['--asset', asset ?? ''],
          ]);
        const web = join(lab.segment.folder, 'web');
        makeInstallerMirror(join(web, 'debian'), kernelOf(initrd));
        lab.segment.start(lab.controller, [
          ...['python3', '-m', 'http.server', '-d', web, '-b', '10.77.0.2', String(port)],
        ]);
        const service = await project.serve(['--mode', 'dhcp', '--router-advertisements']);
        const ended = project.lab(['reinstall', 'a01', '--yes', '--confirm', '1', '-q']);
        const pc = lab.vm('a01');
        const store = await openStore(join(project.folder, '.lab'));
        const arming = await until(
          'leave to write',
          () =>
            store.armings
              .list('all')
              .find(({ state }) => state === 'writing' || state === 'failed'),
          8 * minute,
        ).catch((error: unknown) => {
          throw new Error(`${String(error)}\n${service.said()}\n${pc.console().slice(-4000)}`);
        });
        expect(arming).toMatchObject({
          ...{ state: 'writing', reason: '', answersRead: ['preseed.cfg', 'early.sh', 'late.sh'] },
          told: { disk_name: 'vda', disk_serial: 'DISK-1', disk_bytes: String(4 * 1024 ** 3) },
        });
        store.close();
        await project.lab(['disarm', 'a01', '--yes']);
        await pc.powerOff();
        expect(await ended).toMatch(/a01 .*failed +writing .*disarmed by/);
        expect(await service.stop()).toBe(0);
      },
      15 * minute,
    );
  },
);
