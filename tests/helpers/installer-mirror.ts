import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fetchPart } from './installer-parts.ts';

/** The parts of debian-installer that its way to the first write needs. Most others are missing from many package mirrors. */
const real = (kernel: string) => ['partman-base', `scsi-modules-${kernel}-di`];

/** In the place of disk-detect: loads the driver for the disks of virtual PCs. */
const standIn = {
  control: [
    ...['Package: disk-detect', 'Version: 1', 'Architecture: all', 'Priority: standard'],
    ...['Section: debian-installer', 'Maintainer: a <a@b.c>', 'Provides: harddrive-detection'],
    ...['Installer-Menu-Item: 3500', 'Description: Detect disks', ''],
  ].join('\n'),
  postinst: '#!/bin/sh\ndepmod -a\nmodprobe virtio_blk\nudevadm settle\n',
};

/** Makes a Debian mirror in `folder`, just large enough to lead debian-installer to its partitioner: the real one, without what it depends on. Nothing in it is signed. */
export function makeInstallerMirror(folder: string, kernel: string): void {
  const pool = join(folder, 'pool');
  mkdirSync(pool, { recursive: true });
  for (const name of real(kernel)) repack(fetchPart(name), join(pool, `${name}.udeb`));
  buildStandIn(join(pool, 'disk-detect.udeb'));
  const index = readdirSync(pool)
    .map((file) => entryOf(folder, `pool/${file}`))
    .join('\n');
  const suite = join(folder, 'dists', 'bookworm');
  const files = new Map([
    ['main/debian-installer/binary-amd64/Packages', index],
    ['main/binary-amd64/Packages', ''],
    ['main/binary-amd64/Release', 'Archive: stable\nComponent: main\nArchitecture: amd64\n'],
  ]);
  const sums: string[] = [];
  for (const [name, text] of files)
    for (const [file, bytes] of [
      [name, Buffer.from(text)],
      [`${name}.gz`, gzipSync(text)],
    ] as const) {
      mkdirSync(join(suite, file, '..'), { recursive: true });
      writeFileSync(join(suite, file), bytes);
      sums.push(` ${sha256(bytes)} ${bytes.length} ${file}`);
    }
  const head =
    'Origin: Debian\nSuite: stable\nVersion: 12\nCodename: bookworm\nArchitectures: amd64\nComponents: main\nSHA256:\n';
  writeFileSync(join(suite, 'Release'), `${head}${sums.join('\n')}\n`);
}

function repack(part: string, target: string): void {
  const tree = mkdtempSync(`${target}-`);
  execFileSync('dpkg-deb', ['-R', part, tree]);
  const control = join(tree, 'DEBIAN', 'control');
  writeFileSync(control, readFileSync(control, 'utf8').replace(/^Depends:.*\n/m, ''));
  build(tree, target);
}

function buildStandIn(target: string): void {
  const tree = mkdtempSync(`${target}-`);
  mkdirSync(join(tree, 'DEBIAN'));
  writeFileSync(join(tree, 'DEBIAN', 'control'), standIn.control);
  writeFileSync(join(tree, 'DEBIAN', 'postinst'), standIn.postinst, { mode: 0o755 });
  build(tree, target);
}

function build(tree: string, target: string): void {
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zxz', '--nocheck', '-b', tree, target], {
    stdio: 'pipe',
  });
  rmSync(tree, { recursive: true });
}

function entryOf(folder: string, file: string): string {
  const bytes = readFileSync(join(folder, file));
  const control = execFileSync('dpkg-deb', ['-f', join(folder, file)], { encoding: 'utf8' });
  return `${control.trimEnd()}\nFilename: ${file}\nSize: ${bytes.length}\nSHA256: ${sha256(bytes)}\n`;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The kernel that an installer's initramfs has modules for, such as 6.1.0-50-amd64. */
export function kernelOf(initrd: string): string {
  const listed = execFileSync(
    'sh',
    ['-c', 'zcat "$1" | cpio -t --quiet 2>/dev/null', 'sh', initrd],
    {
      encoding: 'utf8',
      maxBuffer: 64e6,
    },
  );
  const [, kernel = ''] = /^(?:\.\/)?lib\/modules\/([^/\n]+)$/m.exec(listed) ?? [];
  return kernel;
}
