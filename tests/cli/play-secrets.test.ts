import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ran, runLab } from '../helpers/memory-io.ts';
import { writeProject } from '../playbook/ansible-playbook.ts';

describe('secrets given to lab play', () => {
  const home = process.cwd();
  let folder = '';
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lab-play-secrets-'));
    const vars = { ansible_connection: 'local', ansible_become_password: 'of-the-inventory' };
    await writeProject(folder, {
      'hosts.yml': { all: { hosts: { pc1: null }, vars } },
      'sudo-password': 'of-the-file\n',
      'play.yml': [
        {
          name: 'For {{ wlan_password }}',
          hosts: 'all',
          gather_facts: false,
          tasks: [
            { debug: { msg: '{{ wlan_password }} {{ ansible_become_password }} of-the-file' } },
            { assert: { that: 'course == "later"' } },
          ],
        },
      ],
    });
  });
  afterEach(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  });
  const lab = (...args: string[]): Promise<Ran> => runLab(args, { cwd: folder });
  const play = (...flags: string[]): Promise<Ran> =>
    lab(...['play', 'play.yml', '-i', 'hosts.yml', '-o', 'json', ...flags]);
  const words = ['-e', 'wlan_password=hunter22', '-e', 'course=now'];
  const kept = (): string => readFileSync(join(folder, '.lab/lab.sqlite'), 'latin1');

  it('are masked: variables with the name of a secret, and passwords of connections', async () => {
    const { exitCode, stdout, stderr } = await play(
      ...words,
      ...['--become-password-file', 'sudo-password'],
    );
    expect(exitCode, stderr).toBe(2);
    expect(stdout).toContain('"******** ******** ********"');
    expect(`${stdout}${stderr}${kept()}`).not.toMatch(/hunter22|of-the-(?:file|inventory)/);
  });

  it('do not hide everything else when a switch is called like a secret, or is short', async () => {
    const { stdout } = await play(
      '-e',
      'wlan_password=true',
      '-e',
      '{"a": {"token": 22}}',
      '-e',
      'course=true',
    );
    expect(stdout).toContain('"true ******** of-the-file"');
  });

  it('are not kept once the run has ended, and are given again for a retry', async () => {
    await play(...words);
    expect(kept()).toContain('course=now');
    expect(kept()).not.toContain('hunter22');
    const [run] = JSON.parse((await lab('runs', 'list', '-o', 'json')).stdout).runs;
    const refused = await lab('runs', 'retry', run.run);
    expect(refused.exitCode).toBe(5);
    expect(refused.stderr).toContain('was given wlan_password by --extra-vars');
    const again = ['-e', 'wlan_password=hunter33', '-e', 'course=later'];
    const retried = await lab('runs', 'retry', run.run, '-o', 'json', ...again);
    expect(retried.exitCode, retried.stderr).toBe(0);
    expect(retried.stdout).toContain('"******** ******** of-the-file"');
    expect(kept()).not.toContain('hunter33');
  });
});
