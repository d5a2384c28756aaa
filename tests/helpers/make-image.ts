import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { measureStream } from '../../src/imaging/chunks.ts';
import { stampOf } from '../../src/imaging/manifest.ts';
import type { Image } from '../../src/model/image.ts';

/** Writes an image folder with one file, random bytes where no content is given, cut into chunks of `chunkBytes`. */
export async function makeImage(
  images: string,
  name: string,
  {
    bytes = 1000,
    chunkBytes = 256,
    content = randomBytes(bytes),
  }: { bytes?: number; chunkBytes?: number; content?: Uint8Array } = {},
): Promise<Image> {
  const measured = await measureStream(asStream(content), chunkBytes);
  const image = {
    schema: 'lab.image/1',
    name,
    kind: 'archive',
    title: 'Debian GNU/Linux 12 (bookworm)',
    arch: 'amd64',
    origin: { profile: 'debian-12' },
    layout: [
      { role: 'esp', mebibytes: 256, grows: false, filesystem: 'vfat' },
      { role: 'root', mebibytes: 2048, grows: true, filesystem: 'ext4' },
    ],
    files: [
      {
        name: 'root.tar.zst',
        role: 'root-archive',
        contentBytes: content.length,
        chunkBytes,
        ...measured,
      },
    ],
    packages: [{ name: 'bash', version: '5.2.15-2+b9' }],
  } as const;
  const whole: Image = { ...image, madeAt: '2026-11-23T20:00:00.000Z', stamp: stampOf(image) };
  const folder = join(images, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'root.tar.zst'), content);
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(whole));
  return whole;
}

async function* asStream(content: Uint8Array): AsyncIterable<Uint8Array> {
  yield content;
}
