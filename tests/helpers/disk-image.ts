import { execFileSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chunkBytes, measureStream } from '../../src/imaging/chunks.ts';
import { parseManifest, stampOf } from '../../src/imaging/manifest.ts';
import type { Image, ImageFile } from '../../src/model/image.ts';

const rootId = '0a0a0a0a-0000-4000-8000-000000000001';
const mebibyte = 1024 * 1024;

/** What an installed system knows of itself, and its copy must not. */
const settled = (root: string) => `
  set -e
  cd '${root}'
  printf 'UUID=${rootId} / ext4 errors=remount-ro 0 1\\nUUID=ABCD-1234 /boot/efi vfat umask=0077 0 1\\nUUID=0b0b0b0b-0000-4000-8000-000000000002 none swap sw 0 0\\n' >etc/fstab
  echo template >etc/hostname
  echo 0123456789abcdef0123456789abcdef >etc/machine-id
  echo 'a key of the template' >etc/ssh/ssh_host_rsa_key
  mkdir -p boot/efi
`;

/** Makes `IMAGES/NAME`, an image of a disk as somebody would have captured it: partclone streams of the EFI system partition and of an ext4 root with an installed system out of a root archive, and the manifest. Needs root. */
export async function makeDiskImage(images: string, name: string, archive: string): Promise<Image> {
  const folder = join(images, name);
  await mkdir(folder, { recursive: true });
  const scratch = await mkdtemp(join(images, '.disk-'));
  try {
    const run = (program: string, ...args: string[]) =>
      execFileSync(program, args, { stdio: 'pipe', maxBuffer: 1e8 });
    const root = join(scratch, 'root');
    await mkdir(root);
    run('tar', '--zstd', '-xpf', archive, '-C', root, '--numeric-owner', '--xattrs');
    run('sh', '-c', settled(root));
    const layout = [
      { role: 'esp', mebibytes: 64, grows: false, filesystem: 'vfat' },
      { role: 'bios', mebibytes: 1, grows: false, filesystem: 'none' },
      { role: 'swap', mebibytes: 64, grows: false, filesystem: 'swap' },
      { role: 'root', mebibytes: 1000, grows: true, filesystem: 'ext4' },
    ] as const;
    await makeFile(join(scratch, 'esp'), 64);
    run('mkfs.vfat', '-F', '32', '-i', 'ABCD1234', join(scratch, 'esp'));
    await makeFile(join(scratch, 'ext4'), 1000);
    // GRUB 2.06 cannot read the two newer features.
    const features = ['-O', '^metadata_csum_seed,^orphan_file', '-U', rootId, '-d', root];
    run('mke2fs', '-q', '-F', '-t', 'ext4', ...features, join(scratch, 'ext4'));
    const capture = async (clone: string, source: string, partition: number) => {
      const out = join(folder, `${source}.ptcl.zst`);
      const line = `${clone} -c -q -L "$1/log" -s "$1/${source}" -o - | zstd -q -T0 -3 -o "$2"`;
      run('bash', '-o', 'pipefail', '-c', line, 'capture', scratch, out);
      const { bytes, sha256, chunks } = await measureStream(createReadStream(out), chunkBytes);
      const file: ImageFile = {
        ...{ name: `${source}.ptcl.zst`, role: 'partition', partition },
        ...{ bytes, contentBytes: 0, sha256, chunkBytes, chunks },
      };
      return file;
    };
    const files = [
      await capture('partclone.vfat', 'esp', 1),
      await capture('partclone.ext4', 'ext4', 4),
    ];
    const image = {
      schema: 'lab.image/1',
      name,
      kind: 'disk',
      title: 'a captured disk',
      arch: 'amd64',
      origin: { archive: 'root.tar.zst' },
      layout,
      files,
      packages: [],
    } as const;
    const whole: Image = { ...image, madeAt: '2026-11-24T00:00:00.000Z', stamp: stampOf(image) };
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(whole));
    const read = parseManifest(JSON.stringify(whole), name);
    if ('troubles' in read) throw new Error(read.troubles.join('; '));
    return read.image;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function makeFile(path: string, mebibytes: number): Promise<void> {
  await writeFile(path, '');
  await truncate(path, mebibytes * mebibyte);
}
