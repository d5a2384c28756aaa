import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a disk made here writes on the console once a firmware has started it. */
export const diskSays = 'THE LOCAL DISK WAS STARTED';

const sectorBytes = 512;

/** Fills a machine's disk (qcow2), which is then of this size, with the least that BIOS and UEFI start: a boot sector, and a GRUB on an EFI system partition, both of which say so and stop. Needs sfdisk, mtools, mkfs.vfat, grub-mkimage and qemu-img. */
export function fillBootDisk(disk: string, mebibytes = 64): void {
  const folder = mkdtempSync(join(tmpdir(), 'lab-boot-disk-'));
  try {
    const raw = join(folder, 'raw');
    writeFileSync(raw, '');
    truncateSync(raw, 64 * 1024 * 1024);
    execFileSync('sfdisk', ['-q', raw], { input: 'label: gpt\nstart=2048,size=120000,type=U\n' });
    execFileSync('mkfs.vfat', ['-F', '32', '--offset', '2048', raw, '60000'], { stdio: 'ignore' });
    const at = ['-i', `${raw}@@${2048 * sectorBytes}`];
    execFileSync('mmd', [...at, '::/EFI', '::/EFI/BOOT']);
    execFileSync('mcopy', [...at, makeLoader(folder), '::/EFI/BOOT/BOOTX64.EFI']);
    writeBootSector(raw);
    execFileSync('qemu-img', ['convert', '-O', 'qcow2', raw, disk]);
    execFileSync('qemu-img', ['resize', '-q', disk, `${mebibytes}M`]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeLoader(folder: string): string {
  const loader = join(folder, 'loader.efi');
  mkdirSync(join(folder, 'boot/grub'), { recursive: true });
  writeFileSync(join(folder, 'boot/grub/grub.cfg'), `echo "${diskSays}"\nsleep 600\n`);
  const archive = join(folder, 'memdisk.tar');
  execFileSync('tar', ['--format=ustar', '-C', folder, '-cf', archive, 'boot/grub/grub.cfg']);
  const modules = ['tar', 'memdisk', 'normal', 'echo', 'sleep'];
  const prefix = ['-O', 'x86_64-efi', '-p', '(memdisk)/boot/grub', '-o', loader, '-m', archive];
  execFileSync('grub-mkimage', [...prefix, ...modules]);
  return loader;
}

/** Prints the text with the BIOS (INT 10h, AH=0Eh) and halts; fits in front of the partition table, which stays. */
function writeBootSector(raw: string): void {
  const code = [
    0x31, 0xc0, 0x8e, 0xd8, 0xfc, 0xbe, 0x16, 0x7c, 0xac, 0x08, 0xc0, 0x74, 0x06, 0xb4, 0x0e, 0xcd,
    0x10, 0xeb, 0xf5, 0xf4, 0xeb, 0xfd,
  ];
  const file = openSync(raw, 'r+');
  writeSync(file, Buffer.concat([Buffer.from(code), Buffer.from(`${diskSays}\r\n\0`)]), 0, null, 0);
}
