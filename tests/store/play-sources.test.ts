import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openPlaySources, placesOf } from '../../src/store/play-sources.ts';

const root = mkdtempSync(join(tmpdir(), 'lab-sources-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const role = join(root, 'roles', 'motd');
for (const folder of ['roles/motd/files/deep', 'roles/motd/tasks', 'files'])
  mkdirSync(join(root, folder), { recursive: true });
writeFileSync(join(role, 'files', 'motd'), 'from the role\n', { mode: 0o640 });
writeFileSync(join(role, 'files', 'deep', 'x'), 'x');
writeFileSync(join(root, 'files', 'motd'), 'from the playbook\n');
writeFileSync(join(root, 'beside'), 'beside the playbook\n');
const big = randomBytes(1024 * 1024 + 1);
writeFileSync(join(root, 'files', 'big'), big);
const folders = [join(role, 'tasks'), root];

describe('the sources of a run', () => {
  it("are found in the role's files first, then the playbook's, then beside it", async () => {
    const sources = openPlaySources();
    const load = (path: string) => sources.load({ path, folder: 'files' }, folders);
    expect(await load('motd')).toMatchObject({
      path: join(role, 'files', 'motd'),
      mode: 0o640,
      size: 14,
    });
    expect(await load('beside')).toMatchObject({ path: join(root, 'beside') });
    expect(await load('nowhere')).toBeUndefined();
  });

  it('carry the SHA-1 that Ansible compares, and the content of files up to 1 MiB only', async () => {
    const sources = openPlaySources();
    const found = await sources.load({ path: 'big', folder: 'files' }, [root]);
    expect(found).toMatchObject({
      size: big.length,
      sha1: createHash('sha1').update(big).digest('hex'),
    });
    expect(found).not.toHaveProperty('content');
    const pieces: Uint8Array[] = [];
    for await (const piece of sources.open(join(root, 'files', 'big'))) pieces.push(piece);
    expect(Buffer.concat(pieces).equals(big)).toBe(true);
  });

  it('give a folder as a tree where one may be meant, and nothing where a file must be', async () => {
    const sources = openPlaySources();
    const tree = await sources.load({ path: 'files', folder: 'files', tree: true }, [role]);
    expect(tree).toMatchObject({
      folders: [{ path: 'deep' }],
      files: [{ relative: 'deep/x' }, { relative: 'motd' }],
    });
    expect(await sources.load({ path: 'deep', folder: 'files' }, [role])).toBeUndefined();
  });

  it('are decrypted where ansible-vault encrypted them, unless they are wanted as they are', async () => {
    const sealed = '$ANSIBLE_VAULT;1.1;AES256\n3132\n';
    writeFileSync(join(root, 'files', 'key'), sealed);
    const sources = openPlaySources((text, path) => `${path.endsWith('/key')} ${text.length}`);
    const load = (more: { sealed?: boolean }) =>
      sources.load({ path: 'key', folder: 'files', ...more }, [root]);
    const opened = `true ${sealed.length}`;
    const sha1 = createHash('sha1').update(opened).digest('hex');
    expect(await load({})).toMatchObject({
      content: Buffer.from(opened),
      size: opened.length,
      sha1,
    });
    expect(await load({ sealed: true })).toMatchObject({ content: Buffer.from(sealed) });
  });

  it('refuse a folder that contains itself through a link', async () => {
    const loop = join(root, 'loop');
    mkdirSync(loop);
    symlinkSync('.', join(loop, 'again'));
    await expect(
      openPlaySources().load({ path: loop, folder: 'files', tree: true }, []),
    ).rejects.toThrow(/link to a folder above/);
  });

  it('keep an absolute path, and the slash that means the content of a folder', () => {
    expect(placesOf('/etc/motd', 'files', ['/p'])).toEqual(['/etc/motd']);
    expect(placesOf('conf/', 'files', ['/p'])).toEqual(['/p/files/conf/', '/p/conf/']);
  });
});
