import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openVmLab } from '../../sim/vm/open-vm-lab.ts';
import type { Vm, VmKind, VmWish } from '../../sim/vm/types.ts';
import type { Arming } from '../../src/model/boot.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { diskSays, fillBootDisk } from '../helpers/boot-disk.ts';
import { openLabProject, until } from '../helpers/boot-service.ts';
import { canServe } from '../helpers/can-serve.ts';
import { openVmProject } from '../helpers/vm-project.ts';

const uuid = '01234567-89ab-cdef-0123-456789abcdef';
const inventory = `
all:
  children:
    lab_a:
      vars: {room: {subnet: 10.77.0.0/24, gateway: 10.77.0.1}}
      hosts:
        a01: {mac: "52:54:00:00:00:01", ip: 10.77.0.11, seat: A-01, owner: {name: Zhang Wei, id: "0117"}}
        a02: {ip: 10.77.0.12, seat: A-02}
`;
/** The same with what an installation needs: a profile, and a second factor that is registered. */
const inventoryToInstall = (key: string) =>
  inventory
    .replace('vars: {', `vars: {ansible_ssh_private_key_file: "${key}", profile: debian-12, `)
    .replace('seat: A-01,', `seat: A-01, uuid: ${uuid}, serial: SN-a01,`);
const tools = [
  'dnsmasq',
  'grub-mkimage',
  'qemu-system-x86_64',
  'sfdisk',
  'mmd',
  'mkfs.vfat',
  'mmdebstrap',
];
const patienceMs = 120_000;
const down = '\u001b[B';

function makeWish(name: string, kind: VmKind, mac: string): VmWish {
  return { name, kind, mac, uuid, serial: `SN-${name}`, diskGiB: 1, memoryMiB: 512 };
}

/** Types keys one after the other, as a person does: iPXE reads a key when it draws. */
async function press(vm: Vm, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    await wait(300);
    vm.type(key);
  }
}

/** The armed boot that writes; one that failed is told at once. */
function findWriting({ armings }: Store): Arming | undefined {
  const [last] = armings.list('all');
  if (last?.state === 'failed') throw new Error(`${last.stage}: ${last.reason}`);
  return last?.stage === 'writing' ? last : undefined;
}

/** Waits for what the screen shows next, behind what was seen before. */
function openEyes(vm: Vm): (pattern: RegExp) => Promise<void> {
  let seen = 0;
  return async (pattern) => {
    const found = await vm.awaitConsole(pattern, patienceMs, seen);
    seen += found.index + found[0].length;
  };
}

describe.skipIf(!canServe(...tools))('the boot menu', () => {
  it('of an unknown PC registers it: the request waits for the technician, and the PC starts its disk', async () => {
    const wish = makeWish('stranger', 'bios-ipxe', '52:54:00:00:00:99');
    await using lab = await openVmLab({ campusDhcp: true, vms: [wish] });
    const project = openLabProject(lab, inventory);
    await project.serve();
    const vm = lab.vm('stranger');
    fillBootDisk(vm.disk);
    await vm.powerOn();
    const see = openEyes(vm);
    await see(/this PC is not registered/);
    await press(vm, down, down, '\r');
    await see(/Serial +SN-stranger/);
    await see(/Press a key/);
    await press(vm, ' ');
    // The prompt is taken off the screen again, so its end is no place to look behind: the last line of the menu is.
    await see(/Network details/);
    await press(vm, down, '\r');
    await see(/Which room is this PC in/);
    await see(/lab_a next free seat A-02/);
    await press(vm, '\r');
    await see(/Seat: A-02/);
    await press(vm, '\r');
    await see(/Staff number/);
    await press(vm, '0117', '\r');
    await see(/Noted as request \d+: a02, seat A-02/);
    await press(vm, ' ');
    await see(new RegExp(diskSays));
    const pending = await project.lab(['registry', 'pending', '-o', 'json']);
    for (const part of ['52:54:00:00:00:99', 'A-02', 'Zhang Wei', 'serial SN-stranger'])
      expect(pending).toContain(part);
  }, 600_000);

  it('of a registered PC refuses a wrong PIN, and on UEFI too it really reaches the disk; the right PIN installs it', async () => {
    const wish = {
      ...makeWish('a01', 'uefi', '52:54:00:00:00:01'),
      memoryMiB: 1024,
    };
    await using lab = await openVmLab({ campusDhcp: true, vms: [wish] });
    const project = await openVmProject(lab, inventoryToInstall);
    const service = await project.serve();
    const pin = /^\d{6}$/m.exec(await project.lab(['netboot', 'pin', 'lab_a']))?.[0] ?? '';
    const wrong = pin === '314159' ? '271828' : '314159';
    const vm = lab.vm('a01');
    fillBootDisk(vm.disk, 4096);
    await vm.powerOn();
    const see = openEyes(vm);
    await see(/Labkit: a01, lab_a \/ A-01/);
    await press(vm, down, '\r');
    await see(/type the PIN of lab_a/);
    await press(vm, ' ');
    await see(/Password/);
    await press(vm, '\r', ...wrong, '\r');
    await see(/This PIN does not open lab_a/);
    await press(vm, ' ');
    await see(new RegExp(diskSays));
    expect(vm.console()).not.toContain(wrong);
    expect(service.said()).not.toContain(wrong);
    const status = await project.lab(['netboot', 'status', '-o', 'json']);
    expect(status).toContain('PIN does not open');
    expect(status).not.toContain(wrong);

    await vm.reset();
    await see(/Labkit: a01, lab_a \/ A-01/);
    await press(vm, down, '\r');
    await see(/type the PIN of lab_a/);
    await press(vm, ' ');
    await see(/Password/);
    await press(vm, '\r', ...pin, '\r');
    const store = await openStore(join(project.folder, '.lab'));
    try {
      const armed = await until('its writing', () => findWriting(store), 6 * patienceMs);
      expect(armed.order).toMatchObject({ host: 'a01', profile: 'debian-12' });
      expect(armed.stages.map(({ stage }) => stage)).toEqual(
        expect.arrayContaining(['identity', 'answers', 'kernel', 'writing']),
      );
    } finally {
      store.close();
    }
    expect(vm.console()).not.toContain(pin);
    expect(service.said()).not.toContain(pin);
  }, 1_200_000);
});
