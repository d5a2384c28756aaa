import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProgram } from '../../../src/imaging/run-program.ts';
import { LabError } from '../../../src/model/lab-error.ts';
import type { AssetSource, AssetWish } from '../../../src/model/profile.ts';
import { openAssetStore } from '../../../src/netboot/assets/asset-store.ts';

const base = mkdtempSync(join(tmpdir(), 'lab-assets-'));
afterAll(() => rm(base, { recursive: true, force: true }));
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const content = randomBytes(300_000);
let site = '';
let folder = '';
beforeEach(() => {
  site = mkdtempSync(join(base, 'case-'));
  folder = join(site, 'assets');
});

function openStore(
  more: { folder?: string; signal?: AbortSignal; stallMs?: number; built?: string } = {},
) {
  return openAssetStore({
    folder,
    deploymentFolder: join(site, 'deployment-system'),
    deploymentDigest: async () => more.built,
    runProgram,
    fetch,
    signal: new AbortController().signal,
    stallMs: 10_000,
    ...more,
  });
}

function wishFor(source: AssetSource, sha256 = digest(content)): AssetWish {
  return { name: 'linux', sources: [source], sha256 };
}

async function failureOf(work: Promise<unknown>): Promise<LabError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof LabError) return error;
  throw new Error(`no LabError: ${String(error)}`);
}

/** A mirror that counts what it is asked, and may cut an answer off after so many bytes, once. */
interface Mirror extends AsyncDisposable {
  readonly url: string;
  readonly ranges: string[];
  cutAfter: number;
  knowsRanges: boolean;
  body: Buffer;
}

let servers: Server[] = [];
afterEach(() => {
  for (const server of servers) server.close();
  servers = [];
});

async function openMirror(): Promise<Omit<Mirror, typeof Symbol.asyncDispose>> {
  const mirror = { url: '', ranges: [] as string[], cutAfter: 0, knowsRanges: true, body: content };
  const server = createServer((request, response) => {
    const { range = '' } = request.headers;
    mirror.ranges.push(range);
    const from = mirror.knowsRanges ? Number(/^bytes=(\d+)-$/.exec(range)?.[1] ?? 0) : 0;
    const { length } = mirror.body;
    if (from >= length) {
      response.writeHead(416, { 'content-range': `bytes */${length}` }).end();
      return;
    }
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': length - from,
      ...(from > 0 ? { 'content-range': `bytes ${from}-${length - 1}/${length}` } : {}),
    });
    if (mirror.cutAfter === 0) return void response.end(mirror.body.subarray(from));
    const end = from + mirror.cutAfter;
    mirror.cutAfter = 0;
    response.write(mirror.body.subarray(from, end), () => response.destroy());
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  mirror.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/linux`;
  return mirror;
}

describe('a file from a mirror', () => {
  it('is there once it is whole and verified, and is not fetched twice', async () => {
    const mirror = await openMirror();
    const wish = wishFor({ from: 'url', url: mirror.url });
    const store = openStore();
    expect(await store.find(wish)).toBeUndefined();
    const found = await store.fetch(wish);
    expect(await readFile(found.path)).toEqual(content);
    expect(found).toMatchObject({ name: 'linux', bytes: content.length, sha256: wish.sha256 });
    expect(await store.fetch(wish)).toEqual(found);
    expect(mirror.ranges).toEqual(['']);
    expect(await readdir(folder)).toEqual([wish.sha256]);
  });

  it('that was cut off is gone on with where it stopped', async () => {
    const mirror = await openMirror();
    const wish = wishFor({ from: 'url', url: mirror.url });
    mirror.cutAfter = 100_000;
    const error = await failureOf(openStore().fetch(wish));
    expect(error.kind).toBe('environment');
    expect(error.hint).toContain('goes on where it stopped');
    expect(await openStore().find(wish)).toBeUndefined();
    const part = (await stat(join(folder, `${wish.sha256}.part`))).size;
    expect(part).toBeGreaterThan(0);
    await openStore().fetch(wish);
    expect(mirror.ranges).toEqual(['', `bytes=${part}-`]);
  });

  it('is fetched anew from a mirror that knows no ranges, and only verified when it was all there', async () => {
    const mirror = await openMirror();
    const wish = wishFor({ from: 'url', url: mirror.url });
    await mkdir(folder);
    await writeFile(join(folder, `${wish.sha256}.part`), 'something old');
    mirror.knowsRanges = false;
    expect(await readFile((await openStore().fetch(wish)).path)).toEqual(content);
    mirror.knowsRanges = true;
    await rm(join(folder, wish.sha256));
    await writeFile(join(folder, `${wish.sha256}.part`), content);
    expect((await openStore().fetch(wish)).bytes).toBe(content.length);
    expect(mirror.ranges.at(-1)).toBe(`bytes=${content.length}-`);
  });

  it('that is another one than was pinned never gets in, and both digests are told', async () => {
    const mirror = await openMirror();
    mirror.body = randomBytes(1000);
    const wish = wishFor({ from: 'url', url: mirror.url });
    const error = await failureOf(openStore().fetch(wish));
    expect(error.hint).toContain(digest(mirror.body));
    expect(error.hint).toContain(wish.sha256);
    expect(await readdir(folder)).toEqual([]);
  });

  it('that nobody pinned is not fetched at all', async () => {
    const mirror = await openMirror();
    const error = await failureOf(openStore().fetch(wishFor({ from: 'url', url: mirror.url }, '')));
    expect(error.hint).toContain('nobody pinned linux');
    expect(mirror.ranges).toEqual([]);
  });

  it('is given up when nothing comes any more, and when a person says so', async () => {
    const silent = createServer((_, response) => void response.write('x'));
    servers.push(silent);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
    const wish = wishFor({ from: 'url', url });
    expect((await failureOf(openStore({ stallMs: 50 }).fetch(wish))).hint).toContain('stalled');
    const signal = AbortSignal.abort();
    expect((await failureOf(openStore({ signal }).fetch(wish))).kind).toBe('cancelled');
    silent.closeAllConnections();
  });

  it('comes from the next source when the first one fails; otherwise each says why', async () => {
    const mirror = await openMirror();
    const nowhere = { from: 'file', path: join(site, 'nowhere') } as const;
    const wish = wishFor(nowhere);
    const both = { ...wish, sources: [nowhere, { from: 'url', url: mirror.url } as const] };
    expect((await openStore().fetch(both)).bytes).toBe(content.length);
    const other = { ...both, sha256: 'c'.repeat(64) };
    const { hint } = await failureOf(openStore().fetch(other));
    expect(hint).toContain('nowhere: ENOENT');
    expect(hint).toContain(mirror.url);
  });
});

describe('a file that is kept', () => {
  it('is a copy: what becomes of the original does not matter', async () => {
    const own = join(site, 'own');
    await writeFile(own, content);
    const found = await openStore().fetch(wishFor({ from: 'file', path: own }));
    await writeFile(own, 'changed');
    expect(await openStore().find(wishFor({ from: 'file', path: own }))).toEqual(found);
  });

  it('that was altered is refused before it is used, though size and time are as before', async () => {
    const own = join(site, 'own');
    await writeFile(own, content);
    const wish = wishFor({ from: 'file', path: own });
    const store = openStore();
    const { path } = await store.fetch(wish);
    const { mtime, atime } = await stat(path);
    const altered = Buffer.from(content);
    altered[7] = (altered[7] ?? 0) ^ 1;
    await writeFile(path, altered);
    await utimes(path, atime, mtime);
    const error = await failureOf(store.find(wish));
    expect([error.kind, error.message]).toEqual(['input', expect.stringContaining('was altered')]);
    expect(await store.verify(wish)).toBe('altered');
    await store.fetch(wish);
    expect(await store.verify(wish)).toBe('ok');
  });

  it('is told apart from one that is missing and one that is not pinned', async () => {
    const wish = wishFor({ from: 'file', path: '/nowhere' });
    expect(await openStore().verify(wish)).toBe('missing');
    expect(await openStore().verify({ ...wish, sha256: '' })).toBe('unpinned');
  });

  it('of the deployment system is pinned by what was built, and nothing without that is used', async () => {
    const wish = wishFor({ from: 'deployment-system', file: 'vmlinuz' }, '');
    expect((await failureOf(openStore().fetch(wish))).hint).toContain('lab image build-system');
    await mkdir(join(site, 'deployment-system'));
    await writeFile(join(site, 'deployment-system', 'vmlinuz'), content);
    expect(await openStore().find(wish)).toBeUndefined();
    const store = openStore({ built: digest(content) });
    expect(await store.find(wish)).toMatchObject({ sha256: digest(content) });
    expect(await store.verify(wish)).toBe('ok');
  });

  it('of the deployment system is refused once it is altered: it is made again', async () => {
    const wish = wishFor({ from: 'deployment-system', file: 'vmlinuz' }, '');
    const store = openStore({ built: digest(content) });
    await mkdir(join(site, 'deployment-system'));
    await writeFile(join(site, 'deployment-system', 'vmlinuz'), content.subarray(1));
    const failure = await failureOf(store.find(wish));
    expect(failure.message).toContain('linux was altered');
    expect(failure.hint).toBe('make it again: lab image build-system');
    expect(await store.verify(wish)).toBe('altered');
  });

  it('is not half there on a full disk, and what to do is said', async () => {
    const small = join(site, 'small');
    await mkdir(small);
    const own = join(site, 'own');
    await writeFile(own, content);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', small]);
    expect(mounted.status, String(mounted.stderr)).toBe(0);
    try {
      const wish = wishFor({ from: 'file', path: own });
      const error = await failureOf(openStore({ folder: small }).fetch(wish));
      expect(error.hint).toContain('the disk is full');
      expect(await readdir(small)).toEqual([]);
      const mirror = await openMirror();
      const far = wishFor({ from: 'url', url: mirror.url });
      const other = await failureOf(openStore({ folder: small }).fetch(far));
      expect(other.hint).toContain('the disk is full');
      expect(other.hint).toContain('goes on where it stopped');
    } finally {
      spawnSync('umount', [small]);
    }
  });
});
