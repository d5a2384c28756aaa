import { appendFile, cp, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseMirror } from '../../../src/imaging/deployment/mirror.ts';
import {
  digestFile,
  loadDeploymentSystem,
  loadSystemDigest,
} from '../../../src/imaging/deployment/system-folder.ts';
import { isStaleSystem } from '../../../src/imaging/deployment/system-recipe.ts';
import { targetPrograms } from '../../helpers/deployment-system.ts';
import { makeSystem } from '../../helpers/make-system.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-system-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a deployment system on the disk', () => {
  it('is found when every byte is as its manifest says', async () => {
    await makeSystem(folder);
    expect(await loadDeploymentSystem(folder)).toMatchObject({ base: { recipe: 'b' } });
  });

  it('says what its files must be, whatever they are', async () => {
    expect(await loadSystemDigest(folder, 'vmlinuz')).toBeUndefined();
    await makeSystem(folder);
    const { sha256 } = await digestFile(join(folder, 'vmlinuz'));
    await writeFile(join(folder, 'vmlinuz'), 'another');
    expect(await loadSystemDigest(folder, 'vmlinuz')).toBe(sha256);
    expect(await loadSystemDigest(folder, 'other')).toBeUndefined();
  });

  it('is of another version once anything that runs on a target has changed; its mirror is no matter', async () => {
    await makeSystem(folder);
    const programs = join(folder, 'target');
    await cp(targetPrograms, programs, { recursive: true });
    expect(await isStaleSystem(folder, programs)).toBe(false);
    await appendFile(join(programs, 'disks.sh'), '# one more line\n');
    expect(await isStaleSystem(folder, programs)).toBe(true);
    await rm(join(folder, 'manifest.json'));
    expect(await isStaleSystem(folder, programs)).toBe(false);
  });

  it.each([
    ['cut off', () => truncate(join(folder, 'initrd.img'), 100)],
    ['altered', () => writeFile(join(folder, 'vmlinuz'), 'vmlinux '.repeat(1000))],
    ['missing', () => rm(join(folder, 'vmlinuz'))],
    ['without a manifest', () => rm(join(folder, 'manifest.json'))],
    ['with a manifest that is no JSON', () => writeFile(join(folder, 'manifest.json'), '{')],
    ['with an empty manifest', () => writeFile(join(folder, 'manifest.json'), 'null')],
  ])('is none when it is %s', async (_, harm) => {
    await makeSystem(folder);
    await harm();
    expect(await loadDeploymentSystem(folder)).toBeUndefined();
  });
});

describe('the mirror of the deployment system', () => {
  it('is the one a person names, and refused when it is no URL', async () => {
    expect(await parseMirror('http://mirror.example/debian')).toEqual([
      'deb http://mirror.example/debian bookworm main',
    ]);
    for (const bad of ['mirror.example', 'http://a b/', 'file:///etc', 'http://x/ main\ndeb y'])
      await expect(parseMirror(bad)).rejects.toMatchObject({ kind: 'usage' });
  });

  it("is the machine's own source, in either style of apt, and nobody else's repository", async () => {
    await writeFile(
      join(folder, 'sources.list'),
      'deb http://a.example/debian bookworm main contrib\ndeb [trusted=yes] http://b.example x main\ndeb-src http://a.example/debian bookworm main\n',
    );
    expect(await parseMirror(undefined, folder)).toEqual([
      'deb http://a.example/debian bookworm main',
    ]);
    await mkdir(join(folder, 'sources.list.d'));
    await writeFile(
      join(folder, 'sources.list.d', 'debian.sources'),
      'Types: deb\nURIs: http://c.example/debian\nSuites: bookworm bookworm-updates trixie\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n\nTypes: deb\nURIs: http://d.example\nSuites: bookworm\nComponents: main\nSigned-By: /etc/apt/keyrings/other.gpg\n',
    );
    expect(await parseMirror(undefined, folder)).toEqual([
      'deb http://a.example/debian bookworm main',
      'deb http://c.example/debian bookworm main',
      'deb http://c.example/debian bookworm-updates main',
    ]);
  });

  it('is left to mmdebstrap where the machine is no Debian', async () => {
    expect(await parseMirror(undefined, folder)).toEqual([]);
  });
});
