import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openSharedPieces } from '../../src/store/shared-pieces.ts';

const pieceBytes = 256 * 1024;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'labkit-pieces-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function makeFile(size: number): { path: string; content: Buffer } {
  const path = join(folder, 'file');
  const content = randomBytes(size);
  writeFileSync(path, content);
  return { path, content };
}

async function readAll(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = [];
  for await (const piece of pieces) read.push(piece);
  return Buffer.concat(read);
}

function timesOpen(path: string): number {
  const targets = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  });
  return targets.filter((target) => target === path).length;
}

describe('a file shared by several readers', () => {
  test.each([0, 1, pieceBytes - 1, pieceBytes, pieceBytes + 1, 3 * pieceBytes])(
    'is the whole file for each of them (%i bytes)',
    async (size) => {
      const { path, content } = makeFile(size);
      const read = openSharedPieces(path);
      const found = await Promise.all([read(), read(), read()].map(readAll));
      for (const each of found) expect(each.equals(content)).toBe(true);
      expect(timesOpen(path)).toBe(0);
    },
  );
  test('is the whole file for one that falls far behind the others, too', async () => {
    const { path, content } = makeFile(200 * pieceBytes + 7);
    const read = openSharedPieces(path);
    const slow = read();
    const first = await slow.next();
    expect((await readAll(read())).equals(content)).toBe(true);
    const rest = await readAll(slow);
    expect(Buffer.concat([first.value as Uint8Array, rest]).equals(content)).toBe(true);
    expect(timesOpen(path)).toBe(0);
  });
  test('is read from the disk once for readers that keep step', async () => {
    const { path } = makeFile(20 * pieceBytes);
    const probe = await open(path);
    const reads = vi.spyOn(Object.getPrototypeOf(probe), 'read');
    await probe.close();
    const read = openSharedPieces(path);
    await Promise.all(Array.from({ length: 16 }, () => readAll(read())));
    // One for each piece, and one that finds the end.
    expect(reads.mock.calls.length).toBe(21);
    reads.mockRestore();
  });
  test('is closed when a reader stops half way, and can be read again', async () => {
    const { path, content } = makeFile(5 * pieceBytes);
    const read = openSharedPieces(path);
    for await (const piece of read()) {
      expect(piece.length).toBe(pieceBytes);
      expect(timesOpen(path)).toBe(1);
      break;
    }
    expect(timesOpen(path)).toBe(0);
    expect((await readAll(read())).equals(content)).toBe(true);
  });
  test('that is missing is an error for every reader, and only once one reads', async () => {
    const read = openSharedPieces(join(folder, 'missing'));
    const readers = [read(), read()];
    for (const reader of readers)
      await expect(readAll(reader)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
