import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runLab } from '../helpers/memory-io.ts';

describe('files of a playbook that are not UTF-8', () => {
  const home = process.cwd();
  // 中文 as Chinese Windows writes it
  const gbk = Buffer.from([0xd6, 0xd0, 0xce, 0xc4]);
  let folder = '';
  const write = (name: string, ...parts: (string | Buffer)[]) =>
    writeFileSync(
      join(folder, name),
      Buffer.concat(parts.map((part) => Buffer.from(part as string))),
    );
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lab-play-encoding-'));
    write('hosts.yml', 'all: { hosts: { here: }, vars: { ansible_connection: local } }\n');
  });
  afterEach(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  });
  const play = () => runLab(['play', 'site.yml', '-i', 'hosts.yml'], { cwd: folder });

  it('are refused with the line, before any host is touched', async () => {
    write('site.yml', '- hosts: all\n  tasks:\n    - name: ', gbk, '\n      command: touch x\n');
    const { exitCode, stderr, stdout } = await play();
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toMatch(/site\.yml is not UTF-8 text \(see line 3\)/);
    expect(stderr).toContain('save it as UTF-8');
  });

  it('are refused as templates, too', async () => {
    write('site.yml', '- hosts: all\n  tasks: [{template: {src: t.j2, dest: /nowhere/x}}]\n');
    write('t.j2', 'a\n', gbk, '\n');
    const { exitCode, stderr } = await play();
    expect(exitCode, stderr).toBe(3);
    expect(stderr).toMatch(/t\.j2 is not UTF-8 text \(see line 2\)/);
  });
});
