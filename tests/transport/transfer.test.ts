import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../src/model/connection.ts';
import { createConnect } from '../../src/transport/connect.ts';
import { hostAt, never, piecesOf, settingsIn } from './rig.ts';
import { childrenOf, kill, type Sshd, startSshd } from './sshd.ts';

let sshd: Sshd;
let connection: Connection;
let close: () => Promise<void>;
let home: string;

describe.each(['ssh2', 'openssh', 'local'] as const)('a file by way of %s', (backend) => {
  beforeAll(async () => {
    sshd = await startSshd();
    home = join(sshd.folder, 'home', 'root');
    const made = createConnect(settingsIn(sshd.folder, { backend }));
    close = made.close;
    connection = await made.connect(hostAt(sshd), never);
  });
  afterAll(async () => {
    await close();
    await sshd.stop();
  });

  const leftovers = (folder = home) => readdirSync(folder).filter((name) => name.includes('.lab-'));
  const read = async (path: string) => Buffer.concat(await piecesOf(connection.get(path)));

  it('arrives whole with its mode, and comes back the same', async () => {
    const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 256));
    const path = join(home, 'a file; $(rm -rf x) \'quoted" 网.bin');
    await connection.put(content, path, { mode: 0o640 });
    expect(readFileSync(path).equals(content)).toBe(true);
    expect(statSync(path).mode & 0o7777).toBe(0o640);
    expect((await read(path)).equals(content)).toBe(true);
    expect(leftovers()).toEqual([]);
  });

  it('may be a stream of any length, read only as fast as it is taken', async () => {
    let pieces = 0;
    async function* source() {
      for (; pieces < 200; pieces++) yield Buffer.alloc(65_536, pieces);
    }
    const path = join(home, 'stream');
    await connection.put(source(), path);
    expect(statSync(path).size).toBe(200 * 65_536);
    expect(statSync(path).mode & 0o777).toBe(0o644);
    await connection.put(new Uint8Array(0), path);
    expect(statSync(path).size).toBe(0);
    expect(leftovers()).toEqual([]);
  });

  it('keeps mode and owner of the one it replaces, and follows a link', async () => {
    const target = join(home, 'target');
    writeFileSync(target, 'old', { mode: 0o600 });
    symlinkSync('target', join(home, 'link'));
    await connection.put(Buffer.from('new'), join(home, 'link'));
    expect(lstatSync(join(home, 'link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, 'utf8')).toBe('new');
    expect(statSync(target).mode & 0o777).toBe(0o600);
  });

  it('is never half there when its source fails', async () => {
    const path = join(home, 'broken');
    async function* source() {
      yield Buffer.alloc(1_000_000);
      throw new Error('the source broke');
    }
    await expect(connection.put(source(), path)).rejects.toThrow('the source broke');
    expect(existsSync(path)).toBe(false);
    expect(leftovers()).toEqual([]);
  });

  it.each([
    ['onto a folder', () => home, 'is a directory'],
    ['into a folder that is not there', () => join(home, 'no', 'file'), 'No such file|nonexistent'],
    ['under something that is no folder', () => '/dev/full/x', 'Not a directory|nonexistent'],
  ])('is refused %s, with the host’s reason', async (_name, path, reason) => {
    await expect(connection.put(Buffer.from('x'), path())).rejects.toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(new RegExp(reason, 'i')),
    });
  });

  it('that cannot be read fails with the host’s reason', async () => {
    await expect(read(join(home, 'absent'))).rejects.toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('No such file'),
    });
    await expect(read('/dev/zero')).rejects.toMatchObject({ kind: 'failed' });
    await expect(read(home)).rejects.toMatchObject({ kind: 'failed' });
  });

  // A local session starts in this repository, where the test would leave its file.
  if (backend !== 'local')
    it('named like an option, in the home, is only a file', async () => {
      mkdirSync(home, { recursive: true });
      await connection.put(Buffer.from('dash'), '-rf');
      expect(readFileSync(join(home, '-rf'), 'utf8')).toBe('dash');
      expect((await read('-rf')).toString()).toBe('dash');
    });

  it('may be left half-read', async () => {
    const path = join(home, 'large');
    writeFileSync(path, Buffer.alloc(20_000_000));
    for await (const piece of connection.get(path)) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    expect((await read(join(home, 'target'))).toString()).toBe('new');
  });
});

describe('a transfer over a session that breaks', () => {
  it('installs nothing that is not whole', async () => {
    const own = await startSshd();
    const { connect, close: closeOwn } = createConnect(settingsIn(own.folder));
    const mine = await connect(hostAt(own), never);
    const path = join(own.folder, 'home', 'root', 'half');
    async function* source() {
      for (let piece = 0; piece < 400; piece++) {
        if (piece === 200) for (const pid of childrenOf(own.pid)) kill(pid, 'SIGTERM');
        yield Buffer.alloc(65_536);
      }
    }
    await expect(mine.put(source(), path)).rejects.toMatchObject({ name: 'Unreachable' });
    expect(existsSync(path)).toBe(false);
    await closeOwn();
    await own.stop();
  });

  it('onto a full disk leaves nothing behind', async () => {
    const { execFileSync } = await import('node:child_process');
    const own = await startSshd();
    const disk = join(own.folder, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    const { connect, close: closeOwn } = createConnect(
      settingsIn(own.folder, { backend: 'local' }),
    );
    try {
      const mine = await connect(hostAt(own), never);
      await expect(mine.put(Buffer.alloc(3_000_000), join(disk, 'big'))).rejects.toMatchObject({
        kind: 'failed',
        message: expect.stringContaining('space'),
      });
      expect(readdirSync(disk)).toEqual([]);
    } finally {
      await closeOwn();
      execFileSync('umount', [disk]);
      await own.stop();
    }
  });
});
