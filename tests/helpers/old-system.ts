import { execFileSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';

const mebibyte = 1024 ** 2;

/**
 * The first sector of a disk that has a system of its own, as far as a BIOS can tell: it writes its text to the first serial port, byte by byte, and halts
 * (x86 real mode; loaded to 0000:7C00 by convention, ends with 55 AA).
 */
function makeBootSector(text: string): Buffer {
  const program = [
    ...[0x31, 0xc0, 0x8e, 0xd8], // xor ax, ax; mov ds, ax
    ...[0xbe, 0x16, 0x7c], // mov si, text
    ...[0xba, 0xf8, 0x03], // mov dx, COM1
    ...[0xac, 0x84, 0xc0], // next: lodsb; test al, al
    ...[0x74, 0x03], // jz end
    ...[0xee, 0xeb, 0xf8], // out dx, al; jmp next
    ...[0xfb, 0xf4, 0xeb, 0xfd], // end: sti; again: hlt; jmp again
  ];
  const sector = Buffer.alloc(512);
  Buffer.from(program).copy(sector);
  sector.write(`\r\n${text}\r\n\0`, program.length, 'latin1');
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}

/** Puts a system that only says this text when it is started on the disk (qcow2) of a machine that is off; the rest of its first MiB is told apart from zeros. Hands back a copy of the whole disk to compare with later. */
export function installOldSystem(disk: string, text: string): string {
  const first = Buffer.alloc(mebibyte, `${text} `, 'latin1');
  makeBootSector(text).copy(first);
  const file = `${disk}.first`;
  writeFileSync(file, first);
  execFileSync('qemu-io', ['-f', 'qcow2', '-c', `write -s ${file} 0 ${mebibyte}`, disk]);
  const kept = `${disk}.kept`;
  copyFileSync(disk, kept);
  return kept;
}

/** Whether two disks hold the same, sector by sector (qemu-img(1), compare). */
export function isSameDisk(one: string, other: string): boolean {
  try {
    execFileSync('qemu-img', ['compare', '-q', '-f', 'qcow2', '-F', 'qcow2', one, other]);
    return true;
  } catch (error) {
    // 1 says that they differ; anything else that they were not compared.
    if ((error as { status?: number }).status === 1) return false;
    throw error;
  }
}
