import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A disk as /sys and udev show it. */
export interface FakeDisk {
  readonly name: string;
  /** Where it hangs, under /sys/devices. */
  readonly bus: string;
  readonly bytes: number;
  /** Attribute files by their path under the disk. */
  readonly attributes?: { readonly [path: string]: string };
  readonly udev?: { readonly [key: string]: string };
  /** Has no device: made up by the kernel. */
  readonly isVirtual?: boolean;
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${text}\n`, 'latin1');
}

/** Makes `sys` and `udev` in a new folder below `base`, and returns it. */
export function makeFakeDisks(base: string, disks: readonly FakeDisk[]): string {
  const root = mkdtempSync(join(base, 'sys-'));
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
    const udev = Object.entries(disk.udev ?? {}).map(([key, value]) => `E:${key}=${value}`);
    write(join(root, 'udev', `b8:${at}`), ['S:disk/by-x', ...udev].join('\n'));
    const target = join('..', 'devices', disk.bus, 'block', disk.name);
    symlinkSync(target, join(root, 'sys', 'block', disk.name));
  }
  return root;
}

const sata: FakeDisk = {
  name: 'sda',
  bus: 'pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0',
  bytes: 500_107_862_016,
  attributes: { 'device/vpd_pg80': '\0\x80\0\x08 WD-WCC1', 'device/wwid': 'naa.50014ee2b1234567' },
  udev: {
    ID_SERIAL: 'WDC_WD5000_WD-WCC1',
    ID_SERIAL_SHORT: 'WD-WCC1',
    ID_WWN: '0x50014ee2b1234567',
  },
};
const usb = 'pci0000:00/0000:00:14.0/usb1/1-4/1-4:1.0/host6/target6:0:0/6:0:0:0';
const mmc = 'pci0000:00/0000:02:00.0/mmc_host/mmc0/mmc0:aaaa';

/** One disk of each kind that PCs have. */
export const kinds = {
  sata,
  nvme: {
    name: 'nvme0n1',
    bus: 'pci0000:00/0000:01:00.0/nvme/nvme0',
    bytes: 256_060_514_304,
    attributes: { 'device/serial': 'S4EVNX0  ', wwid: 'eui.0025385b91b0f3c1' },
  },
  virtio: {
    name: 'vda',
    bus: 'pci0000:00/0000:00:05.0/virtio2',
    bytes: 8_589_934_592,
    attributes: { serial: 'QM-1' },
  },
  soldered: {
    name: 'mmcblk1',
    bus: mmc.replaceAll('mmc0', 'mmc1'),
    bytes: 32_000_000_000,
    attributes: { 'device/type': 'MMC', 'device/serial': '0xabc' },
  },
  stick: { ...sata, name: 'sdb', bus: usb },
  card: { name: 'mmcblk0', bus: mmc, bytes: 32e9, attributes: { 'device/type': 'SD' } },
  fireWire: { ...sata, name: 'sdf', bus: 'pci0000:00/0000:03:00.0/fw1/fw1.0/host9/9:0:0:0' },
  cd: { ...sata, name: 'sr0', bus: sata.bus.replace('ata1', 'ata2') },
  bootArea: { name: 'mmcblk1boot0', bus: `${mmc}/boot`, bytes: 4_194_304 },
  loop: { name: 'loop0', bus: 'virtual/loop0', bytes: 1e9, isVirtual: true },
  mapped: { name: 'dm-0', bus: 'virtual/dm-0', bytes: 1e9, isVirtual: true },
} as const satisfies { readonly [kind: string]: FakeDisk };
