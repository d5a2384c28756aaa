import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFileLock } from '../../src/store/lock-file.ts';
import { type Process, thisProcess } from '../../src/store/process-identity.ts';
import { endOf, startProgram } from './programs/start.ts';

let folder = '';
let lock = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labkit-lock-'));
  lock = join(folder, '.school.yaml.lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Writes a lock as its holder would have, but for what is given. */
async function plantLock(changes: Partial<Process & { token: string }> = {}): Promise<void> {
  const record = { ...(await thisProcess()), who: '王芳', since: '2026-09-01T08:50:00.000Z' };
  await writeFile(lock, JSON.stringify({ ...record, token: '0123456789abcdef', ...changes }));
}

const soon = { waitMs: 60 };

describe('openFileLock', () => {
  test('is held until it is let go, and leaves nothing behind', async () => {
    const held = await openFileLock(lock, 'Li Lei');
    expect(JSON.parse(await readFile(lock, 'utf8'))).toMatchObject({
      who: 'Li Lei',
      host: hostname(),
      pid: process.pid,
    });
    await expect(openFileLock(lock, 'Han Meimei', soon)).rejects.toMatchObject({ kind: 'refused' });
    await held[Symbol.asyncDispose]();
    await using _ = await openFileLock(lock, 'Han Meimei', soon);
    expect(await readdir(folder)).toEqual(['.school.yaml.lock']);
  });

  test('says who holds it, where, and since when', async () => {
    await plantLock();
    await expect(openFileLock(lock, 'x', soon)).rejects.toMatchObject({
      kind: 'refused',
      message: `王芳 on ${hostname()} (process ${process.pid}) has been working on it since 2026-09-01T08:50:00.000Z`,
      hint: expect.stringContaining(lock),
    });
  });

  test('waits for a holder who is about to finish', async () => {
    const held = await openFileLock(lock, 'Li Lei');
    setTimeout(() => void held[Symbol.asyncDispose](), 50);
    await using second = await openFileLock(lock, 'Han Meimei', { waitMs: 10_000 });
    expect(second).toBeDefined();
  });

  test('follows at once a holder that was killed', async () => {
    const child = await startProgram('hold-lock', lock, 'Li Lei');
    await expect(openFileLock(lock, 'x', soon)).rejects.toMatchObject({
      message: expect.stringContaining(`process ${child.pid}`),
    });
    child.kill('SIGKILL');
    await endOf(child);
    await using _ = await openFileLock(lock, 'Han Meimei', { waitMs: 0 });
    expect(JSON.parse(await readFile(lock, 'utf8'))).toMatchObject({ who: 'Han Meimei' });
    expect(await readdir(folder)).toEqual(['.school.yaml.lock']);
  });

  test.each<[string, Partial<Process>]>([
    ['ended before the system started anew', { bootId: 'another boot' }],
    ['had our process number before us', { startTicks: '1' }],
    ['has a number that no process has', { pid: 2 ** 30 }],
  ])('follows a holder that %s', async (_, changes) => {
    await plantLock(changes);
    await using _lock = await openFileLock(lock, 'x', { waitMs: 0 });
    expect(JSON.parse(await readFile(lock, 'utf8'))).toMatchObject({ who: 'x' });
  });

  test.each<[string, Partial<Process>]>([
    ['on another machine', { host: 'office-pc', bootId: 'another boot', pid: 2 ** 30 }],
    ['on a clone with our name', { machineId: 'another machine', bootId: 'another boot' }],
    ['in another container', { pidNamespace: 'pid:[1]', pid: 2 ** 30 }],
  ])('never takes a holder %s for dead', async (_, changes) => {
    await plantLock(changes);
    await expect(openFileLock(lock, 'x', soon)).rejects.toMatchObject({ kind: 'refused' });
  });

  test('a lock that cannot be read is somebody’s', async () => {
    await writeFile(lock, '');
    await expect(openFileLock(lock, 'x', soon)).rejects.toMatchObject({
      kind: 'refused',
      hint: `if nobody is working on it, remove that file`,
    });
  });

  test('no folder, no lock: trouble of the environment', async () => {
    await expect(openFileLock(join(folder, 'no/lock'), 'x')).rejects.toMatchObject({
      kind: 'environment',
    });
  });

  test('when many follow one dead holder, one at a time gets in', async () => {
    for (let round = 0; round < 5; round += 1) {
      await plantLock({ pid: 2 ** 30 });
      // A taker that died in the middle of following him must not block the rest.
      if (round > 2) await writeFile(`${lock}.0123456789abcdef`, await readFile(lock));
      let inside = 0;
      let entered = 0;
      const enter = async () => {
        await using _ = await openFileLock(lock, 'x', { waitMs: 60_000 });
        inside += 1;
        entered += 1;
        expect(inside).toBe(1);
        await new Promise((done) => setTimeout(done, 1));
        inside -= 1;
      };
      await Promise.all(Array.from({ length: 30 }, enter));
      expect(entered).toBe(30);
      expect(await readdir(folder)).toEqual([]);
    }
  });

  test('letting go of a lock that someone removed and another took leaves it alone', async () => {
    const first = await openFileLock(lock, 'Li Lei');
    await rm(lock);
    await using _ = await openFileLock(lock, 'Han Meimei', soon);
    await first[Symbol.asyncDispose]();
    expect(JSON.parse(await readFile(lock, 'utf8'))).toMatchObject({ who: 'Han Meimei' });
  });
});
