import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runInTarget, targetShells } from '../../helpers/target-shell.ts';

/** A disk as /sys and udev show it. */
interface FakeDisk {
  readonly name: string;
  /** Where it hangs, under /sys/devices. */
  readonly bus: string;
  readonly bytes: number;
  /** Attribute files by their path under the disk. */
  readonly attributes?: { readonly [path: string]: string };
  readonly udev?: { readonly [key: string]: string };
  /** Has no device: made up by the kernel. */
  readonly isVirtual?: boolean;
  /** Attribute files by their path under /sys. */
  readonly around?: { readonly [path: string]: string };
}

const diskParts = ['built-in', 'disks'];

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${text}\n`);
}

function makeSys(disks: readonly FakeDisk[]): string {
  const root = mkdtempSync(join(tmpdir(), 'lab-sys-'));
  folders.push(root);
  mkdirSync(join(root, 'sys', 'block'), { recursive: true });
  for (const [at, disk] of disks.entries()) {
    const place = join(root, 'sys', 'devices', disk.bus);
    const folder = join(place, 'block', disk.name);
    write(join(folder, 'size'), String(disk.bytes / 512));
    write(join(folder, 'ro'), '0');
    write(join(folder, 'removable'), '0');
    write(join(folder, 'dev'), `8:${at}`);
    if (disk.isVirtual !== true) symlinkSync(place, join(folder, 'device'));
    for (const [path, text] of Object.entries(disk.attributes ?? {}))
      write(join(folder, path), text);
    for (const [path, text] of Object.entries(disk.around ?? {}))
      write(join(root, 'sys', path), text);
    const udev = Object.entries(disk.udev ?? {}).map(([key, value]) => `E:${key}=${value}`);
    write(join(root, 'udev', `b8:${at}`), ['S:disk/by-x', ...udev].join('\n'));
    symlinkSync(
      join('..', 'devices', disk.bus, 'block', disk.name),
      join(root, 'sys', 'block', disk.name),
    );
  }
  return root;
}

function choose(shell: readonly string[], disks: readonly FakeDisk[], rule: string) {
  const root = makeSys(disks);
  const script = 'sysfs=$1/sys udev_data=$1/udev; choose_disk "$2"';
  const { status, stdout, stderr } = runInTarget(shell, diskParts, script, [root, rule]);
  expect(stderr).toBe('');
  return { status, said: stdout.trim() };
}

const sata: FakeDisk = {
  name: 'sda',
  bus: 'pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0',
  bytes: 500_107_862_016,
  udev: {
    ID_SERIAL: 'WDC_WD5000_WD-WCC1',
    ID_SERIAL_SHORT: 'WD-WCC1',
    ID_WWN: '0x50014ee2b1234567',
  },
};
const nvme: FakeDisk = {
  name: 'nvme0n1',
  bus: 'pci0000:00/0000:01:00.0/nvme/nvme0',
  bytes: 256_060_514_304,
  attributes: { 'device/serial': 'S4EVNX0  ', wwid: 'eui.0025385b91b0f3c1' },
};
const stick: FakeDisk = {
  name: 'sdb',
  bus: 'pci0000:00/0000:00:14.0/usb1/1-4/1-4:1.0/host6/target6:0:0/6:0:0:0',
  bytes: 64_000_000_000,
  udev: { ID_SERIAL_SHORT: 'STICK1' },
};
const usbDisk: FakeDisk = { ...stick, name: 'sdc', bus: stick.bus.replace('1-4', '2-1') };
const card: FakeDisk = {
  name: 'mmcblk0',
  bus: 'pci0000:00/0000:02:00.0/mmc_host/mmc0/mmc0:aaaa',
  bytes: 32_000_000_000,
  attributes: { 'device/type': 'SD' },
};
const soldered: FakeDisk = {
  ...card,
  name: 'mmcblk1',
  bus: 'pci0000:00/0000:02:00.0/mmc_host/mmc1/mmc1:0001',
  attributes: { 'device/type': 'MMC', 'device/serial': '0xabc' },
};
const madeUp: readonly FakeDisk[] = ['loop0', 'zram0', 'ram0', 'dm-0', 'md127'].map((name) => ({
  name,
  bus: `virtual/${name}`,
  bytes: 1_000_000_000,
  isVirtual: true,
}));
const ramDisk: FakeDisk = { name: 'ram1', bus: 'virtual/ram1', bytes: 512, isVirtual: true };
const cd: FakeDisk = { ...sata, name: 'sr0', bus: 'pci0000:00/x/ata2/host1/target1:0:0/1:0:0:0' };
const never = [stick, card, cd, ...madeUp];

describe.each(targetShells)('the choice of the disk on a target under $name', ({ shell }) => {
  it.each([sata, nvme, soldered])('takes the only fixed internal disk: $name', (disk) => {
    expect(choose(shell, [disk, ...never], 'only')).toEqual({ status: 0, said: disk.name });
  });

  it('never takes a USB stick, a card, a CD, a made-up disk, nor one that is removable or hidden', () => {
    const others: FakeDisk[] = [
      { ...sata, attributes: { removable: '1' } },
      { ...soldered, attributes: { ...soldered.attributes, hidden: '1' } },
      { ...usbDisk, bytes: 0 },
      { ...sata, name: 'sde', udev: { ID_BUS: 'usb' } },
    ];
    const { status, said } = choose(shell, [...never, ...others], 'only');
    expect([status, said]).toEqual([1, 'no fixed internal disk that can be written']);
  });

  it.each([
    ['over iSCSI', 'platform/host2/session1/target2:0:0/2:0:0:1', 'sdf', {}],
    [
      'over a host adapter for iSCSI',
      'pci0000:00/0000:00:03.0/host7/session2/t/7:0:0:0',
      'sdf',
      {},
    ],
    [
      'over Fibre Channel',
      'pci0000:00/0000:04:00.0/host3/rport-3:0-1/target3:0:1/3:0:1:0',
      'sdf',
      {},
    ],
    ['over nvme-tcp', 'virtual/nvme-fabrics/ctl/nvme1', 'nvme1n1', {}],
    [
      'over nvme-rdma',
      'pci0000:00/0000:09:00.0/nvme/nvme1',
      'nvme1n1',
      { 'device/transport': 'rdma' },
    ],
    ['over nvme-fc', 'pci0000:00/0000:09:00.0/nvme/nvme1', 'nvme1n1', { 'device/transport': 'fc' }],
    [
      'from several servers',
      'virtual/nvme-subsystem/nvme-subsys1',
      'nvme1n1',
      { 'device/nvme1/transport': 'tcp' },
    ],
    [
      'behind a card reader of USB that hangs on a hub',
      'pci0000:00/0000:00:14.0/usb3/3-2/3-2.1/3-2.1:1.0/host8/target8:0:0/8:0:0:0',
      'sdf',
      {},
    ],
    ['over FireWire', 'pci0000:00/0000:05:00.0/fw1/fw1.0/host9/target9:0:0/9:0:0:0', 'sdf', {}],
    [
      'of an SD card that hides its type',
      'pci0000:00/0000:02:00.0/mmc_host/mmc2/mmc2:1',
      'mmcblk2',
      {},
    ],
    ['in the memory of the kernel', 'virtual/block/vdz', 'vdz', {}],
  ])('neither takes nor counts a disk %s', (_, bus, name, attributes) => {
    const foreign = { name, bus, bytes: 1_000_000_000, attributes };
    expect(choose(shell, [sata, foreign], 'only')).toEqual({ status: 0, said: 'sda' });
    expect(choose(shell, [foreign], 'only').status).toBe(1);
    expect(choose(shell, [foreign], 'fingerprint - - 1000000000').status).toBe(1);
  });

  it('takes an NVMe disk with several ways when each of them is a card in the PC', () => {
    const both = {
      ...nvme,
      bus: 'virtual/nvme-subsystem/nvme-subsys0',
      attributes: { ...nvme.attributes, 'device/nvme0/transport': 'pcie' },
    };
    expect(choose(shell, [both], 'only')).toEqual({ status: 0, said: 'nvme0n1' });
    const mixed = { ...both, attributes: { ...both.attributes, 'device/nvme1/transport': 'tcp' } };
    expect(choose(shell, [mixed], 'only').status).toBe(1);
  });

  it.each<[string, FakeDisk, RegExp]>([
    [
      'is read-only',
      { ...nvme, attributes: { ...nvme.attributes, ro: '1' } },
      /nvme0n1 .*cannot be written/,
    ],
    ['has no size', { ...nvme, bytes: 0 }, /nvme0n1 .*cannot be written/],
    ['is of a kind nobody knows', { ...nvme, name: 'newdisk0' }, /newdisk0 .*cannot be written/],
    [
      'belongs to a mapper',
      { ...nvme, attributes: { ...nvme.attributes, 'holders/dm-0': '' } },
      /nvme0n1 .*cannot be written/,
    ],
    [
      'does not show itself behind its controller',
      {
        ...ramDisk,
        around: { 'class/nvme/nvme0/state': 'dead', 'class/nvme/nvme0/transport': 'pcie' },
      },
      /nvme0 \(shows no disk\)/,
    ],
  ])('counts a built-in disk that %s: which one is meant is not known', (_, doubtful, reason) => {
    const { status, said } = choose(shell, [sata, doubtful], 'only');
    expect([status, said]).toEqual([1, expect.stringMatching(/^more than one disk fits: sda/)]);
    expect(said).toMatch(reason);
    expect(choose(shell, [doubtful], 'only')).toEqual({
      status: 1,
      said: expect.stringMatching(/^no fixed internal disk that can be written; found: /),
    });
    expect(choose(shell, [sata, doubtful], 'fingerprint WD-WCC1 - -').said).toBe('sda');
  });

  it('says of a registered disk that is broken that it is here', () => {
    const broken = { ...nvme, attributes: { ...nvme.attributes, ro: '1' } };
    expect(choose(shell, [sata, broken], 'fingerprint S4EVNX0 - -')).toEqual({
      status: 1,
      said: expect.stringMatching(/^the registered disk is here, but not to be written: nvme0n1 /),
    });
  });

  it('takes no disk for the only one of a PC that starts from a network disk', () => {
    const iscsi = { ...sata, around: { 'firmware/acpi/tables/iBFT': '' } };
    expect(choose(shell, [iscsi], 'only').said).toMatch(/starts from a network disk/);
    expect(choose(shell, [iscsi], 'fingerprint WD-WCC1 - -').said).toBe('sda');
  });

  it('does not take a disk behind a port that is removable, such as a Thunderbolt slot', () => {
    const outside = {
      ...nvme,
      attributes: { ...nvme.attributes, '../../../removable': 'removable' },
    };
    expect(choose(shell, [outside], 'only').status).toBe(1);
  });

  it('takes none of two fixed disks, and names both', () => {
    const { status, said } = choose(shell, [sata, nvme, stick], 'only');
    expect(status).toBe(1);
    expect(said).toBe(
      'more than one disk fits: nvme0n1 (256060 MB, serial S4EVNX0), sda (500107 MB, serial WD-WCC1)',
    );
  });

  it.each([
    ['by serial number', 'fingerprint WD-WCC1 - -', 'sda'],
    ['by serial number in another spelling', 'fingerprint wdc wd5000 wd-wcc1 - -', 'sda'],
    ['by WWN', 'fingerprint - 50014EE2B1234567 -', 'sda'],
    ['by all there is', 'fingerprint WD-WCC1 0x50014ee2b1234567 500107862016', 'sda'],
    [
      'by the name of an NVMe disk',
      'fingerprint S4EVNX0 eui.0025385b91b0f3c1 256060514304',
      'nvme0n1',
    ],
    ['by size', 'fingerprint - - 256060514304', 'nvme0n1'],
  ])('finds the registered disk among several %s', (_, rule, name) => {
    expect(choose(shell, [sata, nvme, ...never], rule)).toEqual({ status: 0, said: name });
  });

  it.each([
    ['another serial number', 'fingerprint WD-WCC2 - -'],
    ['a part of a serial number', 'fingerprint WD-WCC - -'],
    ['a pattern', 'fingerprint WD.* - -'],
    ['the right serial number and another size', 'fingerprint WD-WCC1 - 500107862528'],
    ['the right serial number and another WWN', 'fingerprint WD-WCC1 0x1 500107862016'],
    ['the serial number of a USB stick', 'fingerprint STICK1 - -'],
    ['nothing', 'fingerprint - - -'],
  ])('takes no disk for a fingerprint with %s', (_, rule) => {
    const { status, said } = choose(shell, [sata, nvme, ...never], rule);
    expect(status).toBe(1);
    expect(said).toMatch(/is not here; found: nvme0n1 .*sda|known by nothing/);
  });

  it('takes none of two disks that share a size', () => {
    const twin = { ...sata, name: 'sdd', bus: sata.bus.replace('ata1', 'ata3'), udev: {} };
    const { status, said } = choose(shell, [sata, twin], `fingerprint - - ${sata.bytes}`);
    expect(status).toBe(1);
    expect(said).toMatch(/more than one disk fits: sda .*, sdd .*serial -/);
  });
});

describe.each(targetShells)('the wait for disks on a target under $name', ({ shell }) => {
  /** A clock that goes on when somebody sleeps; `events` are `AT-CENTISECONDS COMMAND` lines, run in /sys when their time has come. */
  const wait = (disks: readonly FakeDisk[], rule: string, events: readonly string[] = []) => {
    const root = makeSys(disks);
    write(join(root, 'events'), events.join('\n'));
    const script = `
      sysfs=$1/sys udev_data=$1/udev clock=1000
      uptime_cs() { echo "$clock"; }
      sleep() {
        clock=$((clock + 100))
        while read -r at command; do
          [ "\${at:-9}" != $((clock - 1000)) ] || (cd "$sysfs" && eval "$command")
        done <"$1_events"
      }
      note_disks
      clock=$((clock + $3))
      wait_for_disk "$2"
      echo "$? $disk_found $((clock - 1000))"`.replace('$1_events', join(root, 'events'));
    return (since: number) => {
      const words = [root, rule, String(since)];
      const { stdout, stderr } = runInTarget(shell, [...diskParts, 'settling'], script, words);
      expect(stderr).toBe('');
      const [, status, said, at] = /^(\d) (.*) (\d+)$/.exec(stdout.trim()) ?? [];
      return { status: Number(status), said, at: Number(at) };
    };
  };
  const late =
    'mkdir -p devices/pci0000:00/late block && cp -R block/sda/. devices/pci0000:00/late/';
  const appears = `${late} && rm -f devices/pci0000:00/late/device && ln -s . devices/pci0000:00/late/device && ln -s ../devices/pci0000:00/late block/nvme1n1`;

  it('counts a disk that comes four seconds after the others', () => {
    const { status, said } = wait([sata], 'only', [`400 ${appears}`])(0);
    expect([status, said]).toEqual([1, expect.stringMatching(/^more than one disk fits: /)]);
  });

  it('takes the only disk once nothing has come for five seconds, those before the job counted', () => {
    expect(wait([sata], 'only')(0)).toEqual({ status: 0, said: 'sda', at: 500 });
    expect(wait([sata], 'only')(400)).toEqual({ status: 0, said: 'sda', at: 500 });
    expect(wait([sata], 'only')(700)).toEqual({ status: 0, said: 'sda', at: 700 });
  });

  it('begins to count anew when a disk changes', () => {
    const events = ['300 echo 1000 >block/sda/size'];
    expect(wait([sata], 'only', events)(0)).toEqual({ status: 0, said: 'sda', at: 800 });
  });

  it('takes a disk that is named by its serial number or WWN at once', () => {
    const starting = { 'class/nvme/nvme9/state': 'connecting' };
    for (const rule of ['fingerprint WD-WCC1 - -', 'fingerprint - 50014EE2B1234567 500107862016'])
      expect(wait([{ ...sata, around: starting }], rule)(0)).toEqual({
        status: 0,
        said: 'sda',
        at: 0,
      });
  });

  it('waits with a disk that is known by its size alone: another one of that size may come', () => {
    const rule = `fingerprint - - ${sata.bytes}`;
    expect(wait([sata], rule)(0).at).toBe(500);
    expect(wait([sata], rule, [`200 ${appears}`])(0)).toMatchObject({ status: 1 });
  });

  it('waits for the registered disk for fifteen seconds, then says what it found', () => {
    const { status, said, at } = wait([nvme], 'fingerprint WD-WCC1 - -')(0);
    expect([status, at]).toEqual([1, 1500]);
    expect(said).toMatch(/is not here; found: nvme0n1/);
  });

  it('waits as long as an NVMe controller says that it is starting, but not for ever', () => {
    const around = { 'class/nvme/nvme9/state': 'connecting', 'class/nvme/nvme9/transport': 'pcie' };
    const comes = '3000 echo live >class/nvme/nvme9/state; mkdir class/nvme/nvme9/nvme9n1';
    const slow = wait([{ ...sata, around }], 'only', [comes])(0);
    expect(slow).toMatchObject({ status: 0, at: 3500 });
    const never = wait([{ ...sata, around }], 'only')(0);
    expect(never).toEqual({
      status: 1,
      said: 'the disks of this PC do not come to rest',
      at: 6000,
    });
  });
});

describe.each(targetShells)('the partition table of a target under $name', ({ shell }) => {
  const plan = (partitions: string, bytes: number) => {
    const root = makeSys([]);
    write(join(root, 'partition'), partitions);
    return runInTarget(shell, ['layout'], 'plan_layout "$1" "$2"', [
      join(root, 'partition'),
      String(bytes),
    ]);
  };
  const layout = 'esp 256 vfat -\nbios 1 none -\nroot 4096 ext4 grows\nswap 1024 swap -';

  it('gives what is left to the one that grows, wherever it stands', () => {
    const { status, stdout } = plan(layout, 8 * 1024 ** 3);
    expect(status).toBe(0);
    expect(stdout.split('\n').map((line) => line.replace(/, type=.*/, ''))).toEqual([
      'label: gpt',
      'start=1MiB, size=256MiB',
      'start=257MiB, size=1MiB',
      'start=258MiB, size=6909MiB',
      'start=7167MiB, size=1024MiB',
      '',
    ]);
  });

  it('counts disks of many terabytes right', () => {
    expect(plan(layout, 20_000_588_955_648).stdout).toContain('start=258MiB, size=19072765MiB');
  });

  it('refuses a disk that is too small, in both numbers', () => {
    const { status, stdout } = plan(layout, 5 * 1024 ** 3);
    expect([status, stdout.trim()]).toEqual([
      1,
      'the disk is too small: the system needs 5377 MiB, the disk has 5118',
    ]);
  });

  it('writes a table that sfdisk reads back the same', () => {
    const { stdout } = plan(layout, 8 * 1024 ** 3);
    const root = makeSys([]);
    const script =
      'truncate -s 8G "$1" && /sbin/sfdisk -q "$1" && /sbin/sfdisk -d "$1" | grep -c name=';
    const { status, stdout: count } = runInTarget(shell, [], script, [join(root, 'd')], stdout);
    expect([status, count.trim()]).toEqual([0, '4']);
  });
});

describe.each(targetShells)('the boot order of a target under $name', ({ shell }) => {
  it.each([
    ['0001,0002,0000', '0001 0002', '0003', '0001,0002,0003,0000'],
    ['0000,0001', '0001', '0003', '0003,0000,0001'],
    ['0003,0001,0000', '0001', '0003', '0001,0003,0000'],
    ['0001,0000,0002', '0001 0002', '0003', '0001,0003,0000,0002'],
    ['', '', '0003', '0003'],
    ['0001', '0001', '0003', '0001,0003'],
  ])(
    'of %s with network entries %s puts %s behind the leading network entries',
    (order, network, added, wanted) => {
      const { stdout } = runInTarget(shell, ['loader'], 'order_entries "$1" "$2" "$3"', [
        order,
        network,
        added,
      ]);
      expect(stdout.trim()).toBe(wanted);
    },
  );
});
