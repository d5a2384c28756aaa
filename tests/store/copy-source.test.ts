import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openCopySource } from '../../src/store/copy-source.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'labkit-source-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('keeps small files in memory, but never a whole large folder', async () => {
  const size = 15 * 1024 * 1024;
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
    writeFileSync(join(folder, name), name);
    truncateSync(join(folder, name), size);
  }
  const { files } = await openCopySource(folder, '/');
  const contents = await Promise.all(files.map(({ read }) => read()));
  const kept = contents.filter((content) => content instanceof Uint8Array);
  expect(files.map((file) => file.size)).toEqual(Array(6).fill(size));
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length * size).toBeLessThanOrEqual(64 * 1024 * 1024);
});

it('takes a large file that is gone meanwhile for an error of whoever reads it, not of the process', async () => {
  const path = join(folder, 'large');
  writeFileSync(path, '');
  truncateSync(path, 20 * 1024 * 1024);
  const { files } = await openCopySource(path, '/');
  const read = async () => (await files[0]?.read()) as AsyncIterable<Uint8Array>;
  await read();
  rmSync(path);
  await read();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const pieces = (await read())[Symbol.asyncIterator]();
  await expect(pieces.next()).rejects.toMatchObject({ kind: 'input' });
});
