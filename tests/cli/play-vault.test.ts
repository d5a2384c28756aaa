import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encryptVault } from '../../src/store/vault.ts';
import { type Ran, runLab } from '../helpers/memory-io.ts';
import { writeProject } from '../playbook/ansible-playbook.ts';

const vaultOf = (text: string) =>
  encryptVault(Buffer.from(text), { label: 'default', password: Buffer.from('x') });
const inline = (name: string, text: string) =>
  `${name}: !vault |\n${vaultOf(text).replaceAll(/^/gm, '  ').trimEnd()}\n`;

describe('lab play with a vault', () => {
  const home = process.cwd();
  let folder = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lab-play-vault-'));
    await writeProject(folder, {
      password: 'x\n',
      'hosts.yml': {
        all: {
          hosts: { pc1: null, pc2: null },
          vars: { ansible_connection: 'local', url: 'http://{{ inventory_hostname }}/' },
        },
      },
      'group_vars/all.yml': vaultOf('wlan_password: hunter22\n'),
      'host_vars/pc1.yml': inline('token', 'top secret {{ 7 }}'),
      'vars.yml': vaultOf('of_file: from file\n'),
      'extra.yml': vaultOf('of_extra: from extra\n'),
      'play.yml': [
        {
          hosts: 'pc1',
          gather_facts: false,
          vars_files: ['vars.yml'],
          tasks: [
            {
              debug: {
                msg: "{{ wlan_password | length }} {{ token | length }} {{ hostvars['pc2'].url }} {{ of_file | length }} {{ of_extra | length }}",
              },
            },
            { debug: { msg: 'the password is {{ wlan_password }}, the token {{ token }}' } },
          ],
        },
      ],
    });
  });
  afterAll(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  });
  const play = (...flags: string[]): Promise<Ran> =>
    runLab(['play', 'play.yml', '-i', 'hosts.yml', '-e', '@extra.yml', '-o', 'json', ...flags], {
      cwd: folder,
    });

  it('opens files and values where they are used, renders none of them, and masks them', async () => {
    const { exitCode, stdout, stderr } = await play('--vault-password-file', 'password');
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain('"8 18 http://pc2/ 9 10"');
    expect(stdout).toContain('the password is ********, the token ********');
    expect(stdout + stderr).not.toMatch(/hunter22|top secret/);
  });

  it('does nothing without the password, and says what is encrypted', async () => {
    const { exitCode, stderr } = await play();
    expect(exitCode).toBe(3);
    expect(stderr).toContain('no vault password was given');
  });
});
