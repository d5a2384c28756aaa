import { describe, expect, it } from 'vitest';
import { foldCoverage } from '../../src/playbook/coverage.ts';
import { loadFolder } from '../../src/playbook/load-folder.ts';
import { memoryRim } from '../helpers/load-rim.ts';

const files = {
  '/r/site.yml': '- hosts: all\n  roles: [good, other]\n',
  '/r/fine.yml': '- hosts: all\n  roles: [good]\n',
  '/r/roles/good/tasks/main.yml': '- ping:\n  notify: from elsewhere\n- copy: src=a dest=/a\n',
  '/r/roles/good/files/a': 'x',
  '/r/roles/good/handlers/main.yml': '- name: from elsewhere\n  ping:\n',
  '/r/roles/other/tasks/main.yml': '- include_tasks: more.yml\n',
  '/r/roles/other/tasks/more.yml':
    '- pacman: name=vim\n- community.docker.docker_container: {name: x}\n- ping:\n  sudo: yes\n- win_ping:\n',
  '/r/roles/other/handlers/main.yml':
    '- name: h\n  debug: msg="{{ a | json_queryy }}"\n- pacman: name=x\n',
  '/r/group_vars/all.yml': 'a: 1\n',
  '/r/roles/good/vars/list.yml': '- a\n- b\n',
  '/r/broken.yml': '- hosts: [\n',
  '/r/.github/workflow.yml': '- hosts: all\n  nonsense: 1\n',
};

describe('coverage of a folder', () => {
  it('says of each playbook and file of tasks whether it loads, and what it needs', async () => {
    const coverage = foldCoverage(await loadFolder('/r', memoryRim(files)));
    const short = coverage.files.map(({ file, kind, loads, runs }) => [
      file.slice(3),
      kind,
      loads,
      runs,
    ]);
    expect(short).toEqual([
      ['broken.yml', 'broken', false, undefined],
      ['fine.yml', 'playbook', true, true],
      ['roles/good/handlers/main.yml', 'handlers', true, undefined],
      ['roles/good/tasks/main.yml', 'tasks', true, undefined],
      ['roles/other/handlers/main.yml', 'handlers', false, undefined],
      ['roles/other/tasks/main.yml', 'tasks', true, undefined],
      ['roles/other/tasks/more.yml', 'tasks', false, undefined],
      ['site.yml', 'playbook', true, false],
    ]);
    expect(coverage.loading).toBe(5);
    expect(coverage.needs).toEqual({
      modules: [
        ['pacman', 2],
        ['community.docker.docker_container', 1],
        ['win_ping', 1],
      ],
      keywords: [['sudo', 1]],
      filters: [['json_queryy', 1]],
      collections: [['community.docker', 1]],
    });
  });

  it('tells a vault that was not opened from a file that is broken', async () => {
    const sealed = { '/r/group_vars/all/vault.yml': '$ANSIBLE_VAULT;1.1;AES256\n6162\n' };
    const { files: found } = foldCoverage(
      await loadFolder('/r', memoryRim({ ...files, ...sealed })),
    );
    const { kind, problems } = found.find(({ file }) => file.endsWith('vault.yml')) ?? {};
    expect(kind).toBe('encrypted');
    expect(problems?.map(({ message }) => message)).toEqual([
      'the file is encrypted and no vault password was given',
    ]);
  });

  it('tells a problem once, however many playbooks import the file', async () => {
    const loaded = await loadFolder(
      '/r',
      memoryRim({ ...files, '/r/again.yml': files['/r/site.yml'] }),
    );
    const more = foldCoverage(loaded).files.find(({ file }) => file.endsWith('more.yml'));
    expect(more?.problems.map(({ line, rule }) => [line, rule])).toEqual([
      [1, 'unknown-module'],
      [2, 'unknown-collection'],
      [4, 'removed-word'],
      [5, 'windows-module'],
    ]);
  });
});
