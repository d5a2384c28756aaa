import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runLab } from '../helpers/memory-io.ts';

describe('lab play with a name that is not there', () => {
  const home = process.cwd();
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lab-play-hints-'));
    writeFileSync(join(folder, 'hosts.yml'), 'all: {hosts: {pc: {ansible_connection: local}}}\n');
    writeFileSync(join(folder, 'desktop.yml'), '- hosts: all\n  tasks: [{ping: }]\n');
    writeFileSync(join(folder, 'vault-password'), 'x\n');
  });
  afterAll(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  });
  const play = (...words: string[]) =>
    runLab(['play', '-i', 'hosts.yml', ...words], { cwd: folder });

  it('says which playbook was probably meant', async () => {
    const near = await play('dekstop.yml');
    expect(near.exitCode).toBe(3);
    expect(near.stderr).toContain('there is no file');
    expect(near.stderr).toContain('did you mean "desktop.yml"?');
    expect((await play('exam.yml')).stderr).toContain('correct the name of the playbook');
  });

  it('says which password file was probably meant, or what to do', async () => {
    const near = await play('desktop.yml', '--vault-password-file', 'vault-pasword');
    expect(near.stderr).toMatch(/error {2}there is no password file .*vault-pasword\n/);
    expect(near.stderr).toContain(`did you mean "${join(folder, 'vault-password')}"?`);
    const far = await play('desktop.yml', '--vault-id', 'dev@nowhere/at-all');
    expect(far.stderr).toContain('correct the path');
    const folderGiven = await play('desktop.yml', '--vault-password-file', '.');
    expect(folderGiven.stderr).toContain('it is a folder');
    for (const { stderr } of [near, far, folderGiven]) expect(stderr).not.toContain('ENOENT');
  });
});
