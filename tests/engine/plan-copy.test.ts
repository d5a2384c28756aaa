import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planCopy } from '../../src/engine/plan-copy.ts';
import { planFetch } from '../../src/engine/plan-fetch.ts';
import { runPlan } from '../../src/engine/run-plan.ts';
import type { Connect } from '../../src/model/connection.ts';
import type { Plan } from '../../src/model/plan.ts';
import { openCopySource } from '../../src/store/copy-source.ts';
import { openFetchFolder } from '../../src/store/fetch-folder.ts';
import { makeLocalHost, openLocalRig, someHolder } from '../helpers/local-rig.ts';
import { eventsOf, recordEvents } from '../helpers/record-events.ts';

let folder = '';
let remote = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'labkit-copy-'));
  remote = join(folder, 'remote');
  mkdirSync(remote);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const never = new AbortController().signal;

async function run(plan: Plan, connect: Connect = openLocalRig(folder).connect) {
  const { emit, events } = recordEvents();
  const now = () => performance.now();
  const { bugs } = await runPlan(plan, { connect, emit, now, signal: never, stop: never });
  expect(bugs).toEqual([]);
  const [finished] = eventsOf(events, 'step.finished');
  return finished;
}

async function copy(source: string, dest: string, connect?: Connect) {
  const loaded = await openCopySource(source, folder);
  const plan = planCopy({
    hosts: [makeLocalHost()],
    forks: 1,
    holder: someHolder,
    source: loaded,
    dest,
  });
  return run(plan, connect);
}

function write(name: string, text: string, mode = 0o644): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe('planCopy', () => {
  it('writes a file with its content and mode, then finds nothing to do', async () => {
    const file = write("it's a 文件", 'content', 0o750);
    const dest = join(remote, 'there $x');
    expect(await copy(file, dest)).toMatchObject({
      outcome: 'changed',
      data: { files: 1, sent: 1, bytes: 7, verified: true, targetLock: 'held' },
    });
    expect([readFileSync(dest, 'utf8'), statSync(dest).mode & 0o777]).toEqual(['content', 0o750]);
    expect(await copy(file, dest)).toMatchObject({ outcome: 'ok', changes: [], data: { sent: 0 } });
  });

  it('corrects permissions without sending the content again', async () => {
    const file = write('a', 'x', 0o600);
    const dest = join(remote, 'a');
    await copy(file, dest);
    chmodSync(dest, 0o666);
    expect(await copy(file, dest)).toMatchObject({
      outcome: 'changed',
      data: { sent: 0, modes: 1 },
    });
    expect(statSync(dest).mode & 0o777).toBe(0o600);
  });

  it('puts a lone file into a folder that is there, or that is asked for with a slash', async () => {
    const file = write('motd', 'hello');
    await copy(file, remote);
    await copy(file, `${join(remote, 'new', 'deep')}/`);
    expect(readFileSync(join(remote, 'motd'), 'utf8')).toBe('hello');
    expect(readFileSync(join(remote, 'new/deep/motd'), 'utf8')).toBe('hello');
  });

  it('copies a folder under its name, or its content alone with a slash at the end', async () => {
    write('src/a', '1');
    write('src/below/b c', '2', 0o755);
    mkdirSync(join(folder, 'src/empty'));
    expect(await copy(join(folder, 'src'), remote)).toMatchObject({ data: { files: 2, sent: 2 } });
    expect(readFileSync(join(remote, 'src/below/b c'), 'utf8')).toBe('2');
    expect(existsSync(join(remote, 'src/empty'))).toBe(true);
    await copy(`${join(folder, 'src')}/`, remote);
    expect(readFileSync(join(remote, 'a'), 'utf8')).toBe('1');
  });

  it('sends only what differs', async () => {
    for (const name of ['a', 'b', 'c']) write(`src/${name}`, name);
    await copy(`${folder}/src/`, remote);
    write('src/b', 'new');
    expect(await copy(`${folder}/src/`, remote)).toMatchObject({
      data: { files: 3, sent: 1, bytes: 3 },
    });
  });

  it('streams a large file and proves it by its sum', async () => {
    const file = write('large', 'x'.repeat(5_000_000));
    expect(await copy(file, join(remote, 'large'))).toMatchObject({
      data: { bytes: 5_000_000, verified: true },
    });
  });

  it('says so when what arrived is not what was sent', async () => {
    const file = write('a', 'good');
    const { connect } = openLocalRig(folder);
    const faulty: Connect = async (host, signal) => {
      const connection = await connect(host, signal);
      const put: typeof connection.put = (_content, path, options) =>
        connection.put(Buffer.from('bad!'), path, options);
      return { ...connection, put, [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose]() };
    };
    expect(await copy(file, join(remote, 'a'), faulty)).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('is not what was sent'),
    });
  });

  it('never replaces a folder by a file', async () => {
    write('src/a', '1');
    mkdirSync(join(remote, 'a'));
    expect(await copy(`${folder}/src/`, remote)).toMatchObject({
      outcome: 'failed',
      message: `${remote}/a is a folder`,
    });
  });

  it('fails with the words of the host when a folder cannot be made', async () => {
    write('src/below/a', '1');
    writeFileSync(join(remote, 'below'), '');
    const { message } = (await copy(`${folder}/src/`, remote)) ?? {};
    expect(message).toContain('File exists');
  });

  it('refuses destinations that cannot be meant, and sources that lead back to themselves', async () => {
    const source = await openCopySource(write('a', '1'), folder);
    const make = (dest: string) => () =>
      planCopy({ hosts: [], forks: 1, holder: someHolder, source, dest });
    for (const dest of ['', '~/x', 'a\nb']) expect(make(dest)).toThrow();
    write('loop/a', '1');
    symlinkSync('..', join(folder, 'loop/up'));
    await expect(openCopySource('loop', folder)).rejects.toMatchObject({ kind: 'input' });
    await expect(openCopySource('nowhere', folder)).rejects.toMatchObject({ kind: 'input' });
  });
});

describe('planFetch', () => {
  const fetch = (remotePath: string, maxBytes = 10_000_000) =>
    run(
      planFetch({
        hosts: [makeLocalHost('pc1')],
        forks: 1,
        remotePath,
        folder: openFetchFolder(join(folder, 'out')),
        maxBytes,
      }),
    );

  it('writes LOCALDIR/<host>/<path>, proves it, and does not fetch the same again', async () => {
    const path = write('remote/log 1', 'lines');
    const local = join(folder, 'out/pc1', path);
    expect(await fetch(path)).toMatchObject({
      outcome: 'changed',
      data: { path: local, bytes: 5, verified: true },
    });
    expect(readFileSync(local, 'utf8')).toBe('lines');
    expect(await fetch(path)).toMatchObject({ outcome: 'ok', data: { path: local } });
  });

  it('says why there is nothing to fetch', async () => {
    expect(await fetch(join(remote, 'none'))).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('is not there'),
    });
    expect(await fetch(remote)).toMatchObject({ message: expect.stringContaining('is a folder') });
    expect(await fetch('/dev/zero')).toMatchObject({
      message: expect.stringContaining('is not a regular file'),
    });
  });

  it('stops at the size limit, also for a file that lies about its size, and keeps what was there', async () => {
    const path = write('remote/big', 'x'.repeat(200));
    expect(await fetch(path, 100)).toMatchObject({ outcome: 'failed' });
    expect(existsSync(join(folder, 'out/pc1', path))).toBe(false);
    write('remote/big', 'small');
    await fetch(path, 100);
    write('remote/big', 'x'.repeat(200));
    await fetch(path, 100);
    expect(readFileSync(join(folder, 'out/pc1', path), 'utf8')).toBe('small');
  });
});

describe('openFetchFolder', () => {
  it.each([
    ['pc1', '/../../etc/passwd'],
    ['..', '/a'],
    ['../pc1', '/a'],
    ['.', '/a'],
    ['a/b', '/a'],
  ])('never leaves the folder of the host: %s, %s', async (host, path) => {
    const { save } = openFetchFolder(join(folder, 'out'));
    async function* content() {
      yield Buffer.from('x');
    }
    await expect(save(host, path, content())).rejects.toMatchObject({ kind: 'usage' });
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});
