import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { appendFile, open, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { measureStream } from '../../src/imaging/chunks.ts';
import {
  findImageFile,
  listImages,
  loadImage,
  openImageFile,
  verifyImage,
} from '../../src/imaging/image-folder.ts';
import { parseManifest, stampOf } from '../../src/imaging/manifest.ts';
import type { Image } from '../../src/model/image.ts';
import { makeImage } from '../helpers/make-image.ts';

const base = mkdtempSync(join(tmpdir(), 'lab-images-'));
afterAll(() => rm(base, { recursive: true, force: true }));
let images = '';
let image: Image;
let archive = '';
beforeEach(async () => {
  images = mkdtempSync(join(base, 'case-'));
  image = await makeImage(images, 'debian-12');
  archive = join(images, 'debian-12', 'root.tar.zst');
});

async function overwrite(at: number): Promise<void> {
  await using file = await open(archive, 'r+');
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
  await file.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, at);
}

describe('an image', () => {
  it('is listed and loaded with everything its manifest says', async () => {
    await makeImage(images, 'exam');
    expect((await listImages(images)).images.map(({ name }) => name)).toEqual([
      'debian-12',
      'exam',
    ]);
    expect(await loadImage(images, 'debian-12')).toEqual(image);
    expect(await verifyImage(images, image)).toEqual([]);
  });

  it('is not there in a folder that is not there', async () => {
    expect(await listImages(join(images, 'none'))).toEqual({ images: [], broken: [] });
    await expect(loadImage(images, 'debain-12')).rejects.toMatchObject({
      kind: 'usage',
      hint: 'did you mean "debian-12"?',
    });
  });

  it('that is being made, or was put aside, is not listed', async () => {
    await rename(join(images, 'debian-12'), join(images, '.debian-12.77.new'));
    expect(await listImages(images)).toEqual({ images: [], broken: [] });
  });

  it('tells which chunk was altered', async () => {
    await overwrite(600);
    expect(await verifyImage(images, image)).toEqual(['root.tar.zst: chunk 2 of 4 is altered']);
  });

  it('that was cut off or grew is refused before a byte of it is sent', async () => {
    await truncate(archive, 999);
    await expect(openImageFile(images, image, 'root.tar.zst')).rejects.toThrow(
      'has 999 bytes, not 1000: it is cut off from chunk 3 of 4 on',
    );
    await appendFile(archive, 'xx');
    expect((await verifyImage(images, image))[0]).toContain('has 1001 bytes, not 1000');
  });

  it('is opened by the fixed names of its manifest alone, and through no link', async () => {
    const secret = join(images, 'secret');
    await writeFile(secret, randomBytes(1000));
    for (const name of ['manifest.json', '../secret', '/etc/passwd', '', '.', 'root.tar.zst/']) {
      await expect(openImageFile(images, image, name), name).rejects.toThrow('has no file');
      expect(findImageFile(images, image, name), name).toBeUndefined();
    }
    await rm(archive);
    await symlink(secret, archive);
    await expect(openImageFile(images, image, 'root.tar.zst')).rejects.toThrow('ELOOP');
    await rm(archive);
    await expect(openImageFile(images, image, 'root.tar.zst')).rejects.toThrow('is missing');
  });
});

describe('a manifest', () => {
  const changes: readonly [string, (image: Image) => unknown][] = [
    ['another schema', (one) => ({ ...one, schema: 'lab.image/2' })],
    ['another name', (one) => ({ ...one, name: 'exam' })],
    ['no files', (one) => ({ ...one, files: [] })],
    ['a file outside', (one) => ({ ...one, files: [{ ...one.files[0], name: '../x' }] })],
    ['a chunk too few', (one) => ({ ...one, files: [{ ...one.files[0], chunks: [] }] })],
    ['two roots', (one) => ({ ...one, layout: [one.layout[1], one.layout[1]] })],
    ['an edited package', (one) => ({ ...one, packages: [{ name: 'bash', version: '6' }] })],
    ['no object', () => 'text'],
    ['null in it', (one) => ({ ...one, files: [null], layout: [null] })],
  ];

  it.each(changes)('with %s is refused', (_, change) => {
    const read = parseManifest(JSON.stringify(change(image)), 'debian-12');
    expect('troubles' in read ? read.troubles : []).not.toEqual([]);
  });

  it('is the same image whenever it was made: the stamp leaves the time out', () => {
    const later = { ...image, madeAt: '2027-01-01T00:00:00.000Z' };
    expect(parseManifest(JSON.stringify(later), 'debian-12')).toEqual({ image: later });
    expect(stampOf(later)).toBe(image.stamp);
  });

  it('never makes the reader throw, whatever it holds', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(...Object.keys(image)), (json, key) => {
        const text = JSON.stringify({ ...image, [key]: JSON.parse(json) });
        const read = parseManifest(text, 'debian-12');
        if (key === 'madeAt' && typeof JSON.parse(json) === 'string') return;
        expect('troubles' in read || JSON.stringify(read.image) === JSON.stringify(image)).toBe(
          true,
        );
      }),
    );
  });
});

describe('chunks', () => {
  it('are the same however the stream is cut into pieces, and make up the whole', async () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 1, max: 30 }), async (list, size) => {
        const whole = Buffer.concat(list);
        const stream = async function* () {
          yield* list;
        };
        const expected: string[] = [];
        for (let at = 0; at < whole.length; at += size)
          expected.push(digestOf(whole.subarray(at, at + size)));
        expect(await measureStream(stream(), size)).toEqual({
          bytes: whole.length,
          sha256: digestOf(whole),
          chunks: expected,
        });
      }),
    );
  });
});

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
