import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { saveEdit } from '../../src/store/save-edit.ts';
import { bundleProgram, endOf, startProgram } from './programs/start.ts';

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labkit-save-'));
  file = join(folder, 'school.yaml');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The inventory that the program set-loop changes, at a count. */
function textOf(count: number): string {
  const others = Array.from(
    { length: 100 },
    (_, index) =>
      `    b${index}:  # 第${index}台\r\n      mac: "00:1a:2b:00:00:01"\n      ip: 10.1.1.1\n`,
  );
  return `\ufeff# 第一机房\r\nall:\n  hosts:\n    a001:\n      seat: "${count}" # 座位\n${others.join('')}`;
}

function countOf(text: string): number {
  return Number(/seat: "(\d+)"/.exec(text)?.[1]);
}

describe('saveEdit', () => {
  test('keeps byte order mark and line ends, and tells what changed', async () => {
    await writeFile(file, '\ufeffall: 旧\r\n');
    const saved = await saveEdit(file, 'x', (text) => text.replace('旧', '新'));
    expect(saved).toEqual({
      changed: true,
      before: '\ufeffall: 旧\r\n',
      after: '\ufeffall: 新\r\n',
    });
    expect(await readFile(file, 'utf8')).toBe('\ufeffall: 新\r\n');
    expect(await readdir(folder)).toEqual(['school.yaml']);
  });

  test('writes nothing when nothing changes', async () => {
    await writeFile(file, 'all:\n');
    expect(await saveEdit(file, 'x', (text) => text)).toMatchObject({ changed: false });
  });

  test('what the edit throws is thrown on, the file stays, the lock is free again', async () => {
    await writeFile(file, 'all:\n');
    const fail = () => {
      throw new Error('no such host');
    };
    await expect(saveEdit(file, 'x', fail)).rejects.toThrow('no such host');
    expect(await readFile(file, 'utf8')).toBe('all:\n');
    expect(await readdir(folder)).toEqual(['school.yaml']);
  });

  test('a change made by an editor meanwhile is never overwritten', async () => {
    await writeFile(file, 'all:\n');
    const edit = async () => {
      await writeFile(file, 'all: saved in an editor\n');
      return 'all: ours\n';
    };
    await expect(saveEdit(file, 'x', edit)).rejects.toMatchObject({ kind: 'refused' });
    expect(await readFile(file, 'utf8')).toBe('all: saved in an editor\n');
  });

  test('a file in GB18030 is refused with the way to convert it', async () => {
    await writeFile(file, new Uint8Array([0xcd, 0xf5, 0xb7, 0xbc]));
    await expect(saveEdit(file, 'x', () => 'y')).rejects.toMatchObject({
      kind: 'input',
      hint: expect.stringContaining('iconv -f GB18030'),
    });
  });

  test('two links to one file meet at one lock', async () => {
    await mkdir(join(folder, 'a'));
    await writeFile(file, 'all:\n');
    await symlink('../school.yaml', join(folder, 'a/link.yaml'));
    const inner = () => saveEdit(join(folder, 'a/link.yaml'), 'y', () => 'b', { waitMs: 50 });
    await expect(
      saveEdit(file, 'x', async () => {
        await inner();
        return 'a';
      }),
    ).rejects.toMatchObject({ kind: 'refused', message: expect.stringContaining('x on ') });
  });
});

test('20 writers with 20 edits each lose no edit', { timeout: 300_000 }, async () => {
  await writeFile(file, textOf(0));
  const writers = await Promise.all(
    Array.from({ length: 20 }, () => startProgram('set-loop', file, '20')),
  );
  expect(await Promise.all(writers.map(endOf))).toEqual(writers.map(() => 0));
  const text = await readFile(file, 'utf8');
  expect(countOf(text)).toBe(400);
  expect(text).toBe(textOf(400));
  expect(await readdir(folder)).toEqual(['school.yaml']);
});

test('killed 1,000 times in the middle of an edit, the file is always whole: the old or the new one', {
  timeout: 600_000,
}, async () => {
  const program = await bundleProgram('set-loop', folder);
  await writeFile(file, textOf(0));
  await endOf(await startProgram(program, file, '1'));
  let interrupted = 0;
  const lane = async (name: string) => {
    const own = join(folder, name);
    await mkdir(own);
    const path = join(own, 'school.yaml');
    await writeFile(path, textOf(0));
    let last = 0;
    for (let kills = 0; kills < 250; kills += 1) {
      const child = await startProgram(program, path, '0');
      await new Promise((done) => setTimeout(done, Math.random() * 20));
      child.kill('SIGKILL');
      await endOf(child);
      const text = await readFile(path, 'utf8');
      const count = countOf(text);
      expect(text === textOf(count), `kill ${kills}: the file is not whole`).toBe(true);
      expect(count).toBeGreaterThanOrEqual(last);
      last = count;
      if ((await readdir(own)).length > 1) interrupted += 1;
    }
    await saveEdit(path, 'x', (text) => `${text}\n`, { waitMs: 0 });
    expect(await readdir(own)).toEqual(['school.yaml']);
    return last;
  };
  const counts = await Promise.all(['a', 'b', 'c', 'd'].map(lane));
  // The test means something only if edits went through and many were cut short.
  expect(Math.min(...counts)).toBeGreaterThan(250);
  expect(interrupted).toBeGreaterThan(300);
});
