import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadInventoryFiles } from '../../src/store/inventory-files.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-inventory-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

/** What was loaded: each file's name with its role, each problem's rule with its file. */
async function load(...names: readonly string[]): Promise<{ files: string[]; problems: string[] }> {
  const { files, problems } = await loadInventoryFiles(names.map((name) => join(folder, name)));
  const short = (path: string) => relative(folder, path);
  return {
    files: files.map(
      ({ path, role }) =>
        `${short(path)} ${role.kind === 'source' ? role.format : `${role.kind} ${role.name}`}`,
    ),
    problems: problems.map(({ rule, file }) => `${rule} ${short(file)}`),
  };
}

describe('loadInventoryFiles', () => {
  it('goes by the extension, and looks into files that have none', async () => {
    await write('a/1.yaml', 'all: {hosts: {h1: }}\n');
    await write('a/2.json', '{"all": {}}');
    await write('a/3', 'all:\n  hosts:\n    h2:\n');
    await write('a/4', '[web]\nh3\n');
    await write('a/5', 'h4 a=1\nh5\n');
    await write('a/6.lab', 'all: {}\n');
    await write('a/7', 'all:\n  hosts:\n   - {\n');
    const { files, problems } = await load('a');
    expect(files).toEqual([
      'a/1.yaml yaml',
      'a/2.json yaml',
      'a/3 yaml',
      'a/4 ini',
      'a/5 ini',
      'a/6.lab ini',
      'a/7 yaml',
    ]);
    expect(problems[0]).toBe('yaml-syntax a/7');
  });

  it('finds the variables beside each source, files of a folder sorted, and says which file is not read', async () => {
    await write('one/hosts.yaml', 'all: {hosts: {h1: }}\n');
    await write('one/group_vars/all/b.yml', 'x: 1\n');
    await write('one/group_vars/all/a', 'x: 2\n');
    await write('one/group_vars/all/.hidden.yml', 'x: 3\n');
    await write('one/group_vars/all/c.txt', 'x: 4\n');
    await write('one/group_vars/lab.yml', 'x: 5\n');
    await write('one/group_vars/lab.json', '{}');
    await write('one/host_vars/h1.example.org', 'x: 6\n');
    await write('two/hosts', 'h2\n');
    const { files, problems } = await load('one/hosts.yaml', 'two/hosts', 'two');
    expect(files).toEqual([
      'one/hosts.yaml yaml',
      'two/hosts ini',
      'two/hosts ini',
      'one/group_vars/all/a group_vars all',
      'one/group_vars/all/b.yml group_vars all',
      'one/group_vars/lab.yml group_vars lab',
      'one/host_vars/h1.example.org host_vars h1.example.org',
    ]);
    expect(problems).toEqual(['shadowed-file one/group_vars/lab.json']);
  });

  it('turns everything that cannot be read into a problem and reads the rest', async () => {
    await write('dir/gbk.yaml', Uint8Array.of(0x61, 0x3a, 0x20, 0xd5, 0xc5, 0x0a));
    await write('dir/script', '#!/bin/sh\necho {}\n');
    await write('dir/old.toml', '[all]\n');
    await write('dir/good.yaml', 'all: {hosts: {h1: }}\n');
    await write('dir/group_vars', 'not a folder\n');
    const { files, problems } = await load('dir', 'missing.yaml');
    expect(files).toEqual(['dir/good.yaml yaml']);
    expect(problems.sort()).toEqual([
      'bad-vars-folder dir/group_vars',
      'inventory-script dir/script',
      'inventory-toml dir/old.toml',
      'missing-file missing.yaml',
      'not-utf-8 dir/gbk.yaml',
    ]);
  });

  it('does not follow a link that leads back into its own folder for ever', async () => {
    await write('loop/hosts', 'h1\n');
    await symlink('.', join(folder, 'loop', 'again'));
    await symlink('nowhere', join(folder, 'loop', 'dangling'));
    const { files, problems } = await load('loop');
    expect(files.length).toBeLessThan(40);
    expect(files).toContain('loop/hosts ini');
    expect(problems.some((problem) => problem.startsWith('missing-file'))).toBe(true);
  });

  it('keeps the text as it lies on the disk, byte order mark and line ends included', async () => {
    await write('w.yaml', '\ufeffall:\r\n  hosts: {h1: }\r\n');
    const { files } = await loadInventoryFiles([join(folder, 'w.yaml')]);
    expect(files[0]?.text).toBe('\ufeffall:\r\n  hosts: {h1: }\r\n');
  });
});
