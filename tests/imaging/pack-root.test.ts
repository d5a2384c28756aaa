import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { chmod, link, mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packRoot } from '../../src/imaging/build/pack-root.ts';

const base = mkdtempSync(join(tmpdir(), 'lab-pack-'));
afterAll(() => rm(base, { recursive: true, force: true }));

async function makeTree(): Promise<string> {
  const root = mkdtempSync(join(base, 'root-'));
  await mkdir(join(root, 'usr/bin'), { recursive: true });
  await writeFile(join(root, 'usr/bin/sudo'), 'a program\n');
  await chmod(join(root, 'usr/bin/sudo'), 0o4755);
  await writeFile(join(root, '有空 格'), 'x'.repeat(5000));
  await symlink('usr/bin', join(root, 'bin'));
  await link(join(root, 'usr/bin/sudo'), join(root, 'usr/bin/again'));
  for (const path of ['usr/bin/sudo', '有空 格', 'usr/bin', 'usr', '.'])
    await utimes(join(root, path), 1e9, 1e9);
  return root;
}

const call = (program: string, ...args: string[]) => spawnSync(program, args, { encoding: 'utf8' });

describe('a root that is packed', () => {
  it('comes out again with modes, links and names as it was', async () => {
    const root = await makeTree();
    const file = join(base, 'one.tar.zst');
    const packed = await packRoot(root, file, { chunkBytes: 64 });
    const content = readFileSync(file);
    expect(packed.sha256).toBe(createHash('sha256').update(content).digest('hex'));
    expect(packed.bytes).toBe(content.length);
    expect(packed.chunks).toHaveLength(Math.ceil(content.length / 64));
    expect(packed.contentBytes % 10240).toBe(0);
    const out = mkdtempSync(join(base, 'out-'));
    expect(call('tar', '--zstd', '-C', out, '-xpf', file)).toMatchObject({ status: 0, stderr: '' });
    const list = (folder: string) =>
      call('find', folder, '-printf', '%P %y %M %U:%G %n %l %T@\n')
        .stdout.split('\n')
        .filter((line) => !/ l /.test(line))
        .sort();
    expect(list(out)).toEqual(list(root));
    expect(call('diff', '-r', '--no-dereference', root, out).stdout).toBe('');
  });

  it('is the same archive, byte for byte, each time', async () => {
    const root = await makeTree();
    const first = await packRoot(root, join(base, 'a.tar.zst'), { chunkBytes: 64 });
    expect(await packRoot(root, join(base, 'b.tar.zst'), { chunkBytes: 64 })).toEqual(first);
  });

  it('is refused where it cannot be written, with the reason', async () => {
    const root = await makeTree();
    await writeFile(join(base, 'there'), '');
    await expect(packRoot(root, join(base, 'there'), { chunkBytes: 64 })).rejects.toThrow('EEXIST');
    await expect(packRoot(root, '/dev/full', { chunkBytes: 64 })).rejects.toThrow();
    await expect(
      packRoot(join(base, 'nothing'), join(base, 'c.tar.zst'), { chunkBytes: 64 }),
    ).rejects.toThrow('tar failed');
  });
});
