import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openVmLab } from '../../sim/vm/open-vm-lab.ts';
import { diskSays, fillBootDisk } from '../helpers/boot-disk.ts';
import { canServe } from '../helpers/can-serve.ts';
import { openVmProject } from '../helpers/vm-project.ts';

const minute = 60_000;
const mac = '52:54:00:00:00:01';
const uuid = '11111111-2222-4333-8444-555555555501';

const inventory = (key: string) => `
all:
  vars: {ansible_user: root, ansible_ssh_private_key_file: "${key}"}
  children:
    lab_a:
      vars: {room: {subnet: 10.77.0.0/24, gateway: 10.77.0.1}}
      hosts:
        a01: {mac: "${mac}", ip: 10.77.0.11, seat: A-01, uuid: ${uuid}, serial: SN-1}
`;
const tools = ['dnsmasq', 'grub-mkimage', 'qemu-system-x86_64', 'sfdisk', 'mmd', 'mmdebstrap'];

describe.skipIf(!canServe(...tools, 'ssh'))('lab netboot rescue', () => {
  it(
    'starts a PC in memory, opens it to the technician by the host key it told, and leaves its disk as it was',
    async () => {
      const pc = { name: 'a01', kind: 'bios-ipxe', mac, uuid, serial: 'SN-1' } as const;
      await using lab = await openVmLab({
        campusDhcp: true,
        vms: [{ ...pc, diskGiB: 1, memoryMiB: 1024, wakes: true }],
      });
      const vm = lab.vm('a01');
      fillBootDisk(vm.disk);
      const before = join(lab.segment.folder, 'before.qcow2');
      copyFileSync(vm.disk, before);
      const project = await openVmProject(lab, inventory);
      await project.serve();

      expect(await project.lab(['netboot', 'rescue', 'a01'])).toMatch(/nobody confirmed/);
      expect(lab.woken).toEqual([]);
      const said = await project.lab(['netboot', 'rescue', 'a01', '--yes', '--confirm', '1']);
      const [, words = ''] = /^ssh (.*)$/m.exec(said) ?? [];
      expect(words, `${said}\n${vm.console().slice(-3000)}`).toContain('StrictHostKeyChecking=yes');
      const enter = (command: string) =>
        lab.segment.run(lab.controller, [
          ...['ssh', '-i', project.key, '-o', 'BatchMode=yes'],
          // A PC that restarts at once leaves the connection open at this end.
          ...['-o', 'ServerAliveInterval=5', ...words.split(' '), command],
        ]);
      const seen = await enter('cat /proc/cmdline; id -u; grep -c vda /proc/partitions; mount');
      expect(seen).toContain('labkit_rescue=1');
      expect(seen).toMatch(/^0\n2$/m);
      expect(seen).not.toContain('/dev/vda');
      expect(await project.lab(['netboot', 'status', '--all'])).toContain('disarmed');

      await enter('reboot -f');
      await vm.awaitConsole(new RegExp(diskSays), 6 * minute);
      await vm.powerOff();
      // Byte for byte what a disk holds, however its file is laid out.
      const compared = execFileSync('qemu-img', ['compare', before, vm.disk], { encoding: 'utf8' });
      expect(compared).toContain('Images are identical');
    },
    15 * minute,
  );
});
