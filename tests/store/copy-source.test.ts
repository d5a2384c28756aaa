import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCopySource } from '../../src/store/copy-source.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-copy-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function bytesOf(content: Uint8Array | AsyncIterable<Uint8Array>): Promise<Buffer> {
  if (content instanceof Uint8Array) return Buffer.from(content);
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('openCopySource', () => {
  it('tells a lone file by its own name, with its mode and SHA-256', async () => {
    await writeFile(join(folder, 'exam.pdf'), 'abc', { mode: 0o640 });
    const source = await openCopySource('exam.pdf', folder);
    expect(source).toMatchObject({
      kind: 'file',
      name: 'exam.pdf',
      contentOnly: false,
      folders: [],
    });
    expect(source.files).toMatchObject([
      {
        path: 'exam.pdf',
        mode: 0o640,
        size: 3,
        sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      },
    ]);
  });

  it('lists a folder with the folders in it, parents first, empty ones too', async () => {
    await mkdir(join(folder, 'site', 'a', 'empty'), { recursive: true });
    await writeFile(join(folder, 'site', 'a', '计划.txt'), 'x');
    await writeFile(join(folder, 'site', 'b'), 'y');
    const source = await openCopySource('site', folder);
    expect(source.folders).toEqual(['a', 'a/empty']);
    expect(source.files.map(({ path }) => path)).toEqual(['a/计划.txt', 'b']);
    expect((await openCopySource('site/', folder)).contentOnly).toBe(true);
  });

  it('streams a large file anew for each reader, the same bytes each time', async () => {
    const content = Buffer.alloc(17 * 1024 * 1024, 'labkit');
    await writeFile(join(folder, 'disk.iso'), content);
    const [file] = (await openCopySource('disk.iso', folder)).files;
    expect(file?.sha256).toBe(createHash('sha256').update(content).digest('hex'));
    for (const reader of [file?.read(), file?.read()]) {
      const read = await reader;
      expect(read === undefined ? undefined : (await bytesOf(read)).equals(content)).toBe(true);
    }
  });

  it('refuses what is not there, and a link to a folder above it, which would never end', async () => {
    await expect(openCopySource('nothing', folder)).rejects.toMatchObject({ kind: 'input' });
    await mkdir(join(folder, 'loop'));
    await symlink('.', join(folder, 'loop', 'again'));
    await expect(openCopySource('loop', folder)).rejects.toThrow('link to a folder above');
  });
});
