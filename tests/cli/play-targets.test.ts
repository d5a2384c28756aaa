import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ran, runLab } from '../helpers/memory-io.ts';
import { writeProject } from '../playbook/ansible-playbook.ts';

const tell = (hosts: string, ...more: object[]) => ({
  hosts,
  gather_facts: false,
  tasks: [...more, { debug: { msg: 'x' } }],
});

describe('the hosts of lab play', () => {
  const home = process.cwd();
  let folder = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lab-play-targets-'));
    const lab = { hosts: { pc1: null, pc2: null, pc3: null } };
    await writeProject(folder, {
      'hosts.yml': {
        all: {
          vars: { ansible_connection: 'local' },
          children: { lab, one: { hosts: { pc1: {} } } },
        },
      },
      'plays.yml': [tell('one'), tell('lab')],
      'ones.yml': [tell('one'), tell('pc1')],
      'unknown.yml': [tell('one'), tell('nobody')],
      'group_vars/made.yml': 'colour: red\nsize: 1\n',
      'host_vars/pc1.yml': 'colour: blue\n',
      'coloured.yml': [
        {
          hosts: 'lab',
          gather_facts: false,
          tasks: [
            { group_by: { key: 'made' } },
            { add_host: { name: 'new', groups: 'made', size: 2 } },
            { debug: { msg: '{{ colour }} {{ size }}' } },
          ],
        },
        tell('made', {
          debug: { msg: '{{ colour }} {{ size }} {{ ansible_connection }} {{ group_names }}' },
        }),
        tell('all:&made:!one', { debug: { msg: '{{ size }}' } }),
      ],
      'grows.yml': [tell('lab', { group_by: { key: 'made' } }), tell('made')],
    });
  });
  afterAll(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  });
  const play = (...args: string[]): Promise<Ran> =>
    runLab(['play', ...args, '-i', 'hosts.yml', '-o', 'json'], { cwd: folder });
  const rows = ({ stdout }: Ran) =>
    JSON.parse(stdout).plays.flatMap((each: { tasks: { hosts: object }[] }) =>
      each.tasks.map(({ hosts }) => Object.keys(hosts).sort()),
    );

  it('may be none in one play when --limit leaves some in another', async () => {
    const ran = await play('plays.yml', '--limit', 'pc2');
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect(rows(ran)).toEqual([['pc2']]);
  });

  it('are refused where --limit leaves none in any play', async () => {
    const ran = await play('ones.yml', '--limit', 'pc3');
    expect(ran).toMatchObject({ exitCode: 5, stdout: '' });
    expect(ran.stderr).toContain('--limit pc3 leaves none of the hosts of one');
  });

  it('are refused where a play names nobody, before any other play begins', async () => {
    const ran = await play('unknown.yml');
    expect(ran).toMatchObject({ exitCode: 5, stdout: '' });
    expect(ran.stderr).toContain('"nobody" is no host and no group');
  });

  it('may be of a group that an earlier play makes', async () => {
    const ran = await play('grows.yml');
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect(rows(ran).at(-1)).toEqual(['pc1', 'pc2', 'pc3']);
    const listed = await play('grows.yml', '--list-hosts');
    expect(listed.stdout).toContain('pattern: [made]\n    hosts (0):');
  });

  it('get the variables of groups they join, below their own, and new hosts those of all', async () => {
    const { stdout } = await play('coloured.yml');
    const said = JSON.parse(stdout).plays.flatMap((each: { tasks: { hosts: object }[] }) =>
      each.tasks.map(({ hosts }) =>
        Object.entries(hosts).map(([name, { msg }]) => `${name}: ${msg}`),
      ),
    );
    expect(said[2].sort()).toEqual(['pc1: blue 1', 'pc2: red 1', 'pc3: red 1']);
    expect(said[5].sort()).toEqual(['new: 2', 'pc2: 1', 'pc3: 1']);
    expect(said[3].sort()).toEqual([
      "new: red 2 local ['made']",
      "pc1: blue 1 local ['lab', 'made', 'one']",
      "pc2: red 1 local ['lab', 'made']",
      "pc3: red 1 local ['lab', 'made']",
    ]);
  });
});
