import { describe, expect, it } from 'vitest';
import { isTemplate, type PlayValue, textOf } from '../../src/model/play-value.ts';
import type { Entry, Play, Task } from '../../src/model/playbook.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { memoryRim } from '../helpers/load-rim.ts';

type Files = { readonly [path: string]: string };

async function load(files: Files | string, extraVars = {}) {
  const all = typeof files === 'string' ? { '/p/site.yml': files } : files;
  const loaded = await loadPlaybook('/p/site.yml', memoryRim(all), { extraVars });
  expect(loaded.problems).toEqual([]);
  return loaded;
}

async function loadPlay(files: Files | string, extraVars = {}): Promise<Play> {
  const [play] = (await load(files, extraVars)).playbook.plays;
  if (play === undefined) throw new Error('no play was loaded');
  return play;
}

function tasksOf(entries: readonly Entry[]): Task[] {
  return entries.flatMap((entry) =>
    entry.kind === 'task' ? [entry] : tasksOf([...entry.block, ...entry.rescue, ...entry.always]),
  );
}

const allTasks = (play: Play): Task[] => tasksOf(play.sections.flatMap((one) => one.entries));

function named(play: Play, name: string): Task {
  const task = allTasks(play).find((one) => one.name === name);
  if (task === undefined) throw new Error(`no task ${name}`);
  return task;
}

const conditions = (task: Task) => task.keywords.when.map(({ expression }) => expression);

/** Arguments with templates as `<text>`. */
function shown(value: PlayValue): unknown {
  if (isTemplate(value)) return `<${textOf(value)}>`;
  if (Array.isArray(value)) return (value as readonly PlayValue[]).map(shown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shown(item)]));
}

function argsOf(task: Task): unknown {
  return task.does.kind === 'module' ? shown(task.does.args) : undefined;
}

describe('keywords', () => {
  it('come down from play, role, blocks and imports, the nearest winning', async () => {
    const play = await loadPlay({
      '/p/site.yml': `
- hosts: all
  become: true
  become_user: play
  remote_user: lab
  environment: {A: play}
  tags: p
  roles:
    - {role: r, become_user: role, tags: r, when: in_role}
  tasks:
    - block:
        - name: task
          ping:
          become: false
          when: [t1, t2]
          tags: t
          environment: {A: task}
          vars: {v: 2}
        - import_tasks: more.yml
          when: imported
          tags: i
      when: b
      tags: [b]
      vars: {v: 1}
      environment: {A: block}
`,
      '/p/more.yml': '- name: more\n  ping:\n  when: own',
      '/p/roles/r/tasks/main.yml': '- name: in role\n  ping:\n  become_user: task',
    });
    const task = named(play, 'task');
    expect(task.keywords.become).toBe(false);
    expect(task.keywords.becomeUser).toBe('play');
    expect(task.keywords.remoteUser).toBe('lab');
    expect(conditions(task)).toEqual(['b', 't1', 't2']);
    expect(task.keywords.tags).toEqual(['p', 'b', 't']);
    expect(task.keywords.environment.map(shown)).toEqual([
      { A: 'play' },
      { A: 'block' },
      { A: 'task' },
    ]);
    expect(task.keywords.vars.map(shown)).toEqual([{ v: 1 }, { v: 2 }]);
    expect(conditions(named(play, 'more'))).toEqual(['b', 'imported', 'own']);
    expect(named(play, 'more').keywords.tags).toEqual(['p', 'b', 'i']);
    const inRole = named(play, 'in role');
    expect(inRole.keywords.becomeUser).toBe('task');
    expect(inRole.keywords.become).toBe(true);
    expect(conditions(inRole)).toEqual(['in_role']);
    expect(inRole.keywords.tags).toEqual(['p', 'r']);
    expect(inRole.role?.name).toBe('r');
  });

  it('of import_playbook: its variables win, its conditions stand first, and not on handlers', async () => {
    const play = await loadPlay({
      '/p/site.yml': '- import_playbook: b/other.yml\n  vars: {a: import}\n  when: w\n  tags: x',
      '/p/b/other.yml': `
- hosts: all
  vars: {a: own, b: own}
  tasks:
    - name: t
      ping:
      when: t
      notify: h
  handlers:
    - name: h
      ping:
`,
    });
    expect(shown(play.vars)).toEqual({ a: 'import', b: 'own' });
    expect(conditions(named(play, 't'))).toEqual(['w', 't']);
    expect(named(play, 't').keywords.tags).toEqual(['x']);
    expect(play.handlers.map(conditions)).toEqual([[]]);
  });

  it('module_defaults stand under the full name and count as written', async () => {
    const play = await loadPlay(
      '- hosts: all\n  module_defaults:\n    file: {path: /x}\n  tasks:\n    - name: t\n      file: {state: touch}',
    );
    expect([...named(play, 't').keywords.moduleDefaults.keys()]).toEqual(['ansible.builtin.file']);
  });
});

describe('tasks', () => {
  it('get their arguments by first names, whatever the form', async () => {
    const play = await loadPlay(
      `
- hosts: all
  tasks:
    - name: kv
      file: dest=/x mode=0644 owner="{{ a b }}"
    - name: action
      action: apt pkg=vim state=latest
    - name: local
      local_action: {module: command, argv: [ls]}
    - name: free
      shell: echo {{ x }} a=b chdir=/tmp
    - name: args
      command: ls
      args: {chdir: /tmp, creates: "{{ c }}"}
    - name: template
      debug:
      args: "{{ d }}"
    - name: null
      ping:
        data:
`.replace('a b }}', 'a }}'),
    );
    expect(argsOf(named(play, 'kv'))).toEqual({ path: '/x', mode: '0644', owner: '<{{ a }}>' });
    expect(argsOf(named(play, 'action'))).toEqual({ name: 'vim', state: 'latest' });
    expect(argsOf(named(play, 'local'))).toEqual({ argv: ['ls'] });
    expect(named(play, 'local').keywords.delegateTo).toBe('localhost');
    expect(argsOf(named(play, 'free'))).toEqual({ cmd: '<echo {{ x }} a=b>', chdir: '/tmp' });
    expect(argsOf(named(play, 'args'))).toEqual({ cmd: 'ls', chdir: '/tmp', creates: '<{{ c }}>' });
    const { does } = named(play, 'template');
    expect(does.kind === 'module' && shown(does.argsTemplate ?? null)).toBe('<{{ d }}>');
  });

  it('have ids that name the way to them, and none twice', async () => {
    const files = {
      '/p/site.yml': `
- hosts: all
  roles: [r, {role: r, x: 1}]
  tasks:
    - import_tasks: t.yml
    - import_tasks: t.yml
    - {block: [{ping: }, {ping: }]}
`,
      '/p/t.yml': '- ping:\n',
      '/p/roles/r/tasks/main.yml': '- ping:\n',
    };
    const ids = allTasks(await loadPlay(files)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('site.yml:2>site.yml:5>t.yml:1');
    expect(ids).toEqual(allTasks(await loadPlay(files)).map(({ id }) => id));
  });

  it('of a role used twice under the same conditions are there once', async () => {
    const play = await loadPlay({
      '/p/site.yml': '- hosts: all\n  roles: [r, r, {role: r, x: 1}, {role: r, tags: a}, d, d]',
      '/p/roles/r/tasks/main.yml': '- name: in r\n  ping:\n',
      '/p/roles/d/tasks/main.yml': '- name: in d\n  ping:\n',
      '/p/roles/d/meta/main.yml': 'allow_duplicates: true\n',
    });
    expect(allTasks(play).map(({ name }) => name)).toEqual([
      'in r',
      'in r',
      'in r',
      'in d',
      'in d',
    ]);
    expect(play.roles.map(({ onceKey }) => onceKey === undefined)).toEqual([
      false,
      false,
      false,
      false,
      true,
      true,
    ]);
  });

  it('know the place of a broken template in a block of text', async () => {
    const text = '- hosts: all\n  tasks:\n    - shell: |\n        echo a\n        echo {{ b | }}\n';
    const { problems } = await loadPlaybook('/p/site.yml', memoryRim({ '/p/site.yml': text }));
    expect(problems.map(({ line, rule }) => [line, rule])).toEqual([[5, 'template-syntax']]);
  });
});

describe('roles', () => {
  it('bring variables of files and folders, dependencies first, and know who needs them', async () => {
    const play = await loadPlay({
      '/p/site.yml':
        '- hosts: all\n  roles:\n    - {role: top, port_of_it: 80, vars: {v: usage, w: usage}}',
      '/p/roles/top/meta/main.yml': 'dependencies:\n  - {role: base, level: 1}\n',
      '/p/roles/top/vars/main/b.yml': 'v: file b',
      '/p/roles/top/vars/main/a.yml': 'v: file a\na: 1',
      '/p/roles/top/defaults/main.yaml': 'd: 1',
      '/p/roles/base/tasks/main.yml': '- name: base\n  ping:',
      '/p/roles/top/tasks/main.yml': '- name: top\n  ping:',
    });
    const [base, top] = play.roles;
    expect(base).toMatchObject({ name: 'base', params: { level: 1 }, parents: ['top'] });
    expect(top?.params).toEqual({ port_of_it: 80 });
    expect(top?.vars).toEqual({ v: 'file b', a: 1, w: 'usage' });
    expect(top?.defaults).toEqual({ d: 1 });
    expect(allTasks(play).map(({ name }) => name)).toEqual(['base', 'top']);
  });

  it('are found on the roles path and beside the role that needs them', async () => {
    const files = {
      '/p/site.yml': '- hosts: all\n  roles: [far]',
      '/opt/roles/far/meta/main.yml': 'dependencies: [beside]',
      '/opt/roles/beside/tasks/main.yml': '- name: beside\n  ping:',
    };
    const { problems, playbook } = await loadPlaybook(
      '/p/site.yml',
      memoryRim(files, { rolesPath: ['/opt/roles'] }),
    );
    expect(problems).toEqual([]);
    expect(playbook.plays[0]?.roles.map(({ path }) => path)).toEqual([
      '/opt/roles/beside',
      '/opt/roles/far',
    ]);
  });

  it('give their handlers before those of the play; imported roles theirs after them', async () => {
    const play = await loadPlay({
      '/p/site.yml': `
- hosts: all
  roles: [r]
  tasks:
    - import_role: {name: i}
    - ping:
      notify: [of r, of i, "r : of r", of play]
  handlers:
    - name: of play
      ping:
`,
      '/p/roles/r/handlers/main.yml': '- name: of r\n  ping:',
      '/p/roles/i/handlers/main.yml': '- name: of i\n  ping:',
    });
    expect(play.handlers.map(({ name }) => name)).toEqual(['of r', 'of play', 'of i']);
    expect(play.handlers.every(({ isHandler }) => isHandler)).toBe(true);
  });
});

describe('includes', () => {
  const files = {
    '/p/site.yml': `
- hosts: all
  become: true
  tasks:
    - block:
        - name: inc
          include_tasks:
            file: "{{ which }}.yml"
            apply: {tags: [applied], become_user: lab}
          vars: {v: 1}
          tags: [own]
          when: own
        - name: role
          include_role: {name: "{{ r }}"}
      tags: [block]
      when: around
`,
    '/p/a.yml': '- name: in a\n  ping:\n- include_tasks: sub/b.yml\n',
    '/p/sub/b.yml': '- name: in b\n  ping:\n- import_tasks: c.yml\n',
    '/p/sub/c.yml': '- name: in c\n  ping:\n',
    '/p/broken.yml': '- pingg:\n',
    '/p/roles/r/tasks/main.yml': '- name: in r\n  ping:\n  notify: h\n',
    '/p/roles/r/handlers/main.yml': '- name: h\n  ping:\n',
  };

  it('inherit what is around them, their vars and apply, not their own tags and conditions', async () => {
    const loaded = await load(files);
    const play = loaded.playbook.plays[0] as Play;
    const included = await loaded.loadInclude(named(play, 'inc'), { file: 'a.yml' });
    const [inA, more] = tasksOf(included.entries);
    expect(inA?.name).toBe('in a');
    expect(inA?.keywords).toMatchObject({
      become: true,
      becomeUser: 'lab',
      tags: ['block', 'applied'],
    });
    expect(inA && conditions(inA)).toEqual(['around']);
    expect(inA?.keywords.vars).toEqual([{ v: 1 }]);
    const deeper = await loaded.loadInclude(more as Task, { file: 'sub/b.yml' });
    expect(tasksOf(deeper.entries).map(({ name }) => name)).toEqual(['in b', 'in c']);
    expect(deeper.entries[0]?.id).toBe('site.yml:2>site.yml:6>a.yml:3>sub/b.yml:1');
  });

  it('of roles bring handlers and the role', async () => {
    const loaded = await load(files);
    const play = loaded.playbook.plays[0] as Play;
    const included = await loaded.loadInclude(named(play, 'role'), { role: 'r' });
    expect(tasksOf(included.entries).map(({ name }) => name)).toEqual(['in r']);
    expect(included.handlers.map(({ name }) => name)).toEqual(['h']);
    expect(included.roles.map(({ name }) => name)).toEqual(['r']);
  });

  it('that turn out broken or missing are refused with all problems', async () => {
    const loaded = await load(files);
    const include = named(loaded.playbook.plays[0] as Play, 'inc');
    await expect(loaded.loadInclude(include, { file: 'broken.yml' })).rejects.toMatchObject({
      kind: 'input',
      problems: [{ rule: 'unknown-module', line: 1 }],
    });
    await expect(loaded.loadInclude(include, { file: 'nowhere.yml' })).rejects.toMatchObject({
      problems: [{ rule: 'missing-file' }],
    });
  });

  it('may include themselves', async () => {
    await load({
      '/p/site.yml': '- hosts: all\n  tasks: [{include_tasks: again.yml}]',
      '/p/again.yml': '- include_tasks: again.yml\n  when: more\n',
    });
  });

  it('that include themselves without an end are refused at the hundred and first', async () => {
    const loaded = await load({
      '/p/site.yml': '- hosts: all\n  tasks: [{include_tasks: again.yml}]',
      '/p/again.yml': '- include_tasks: again.yml\n',
    });
    let [include] = allTasks(loaded.playbook.plays[0] as Play);
    for (let depth = 1; depth <= 100; depth++) {
      const { entries } = await loaded.loadInclude(include as Task, { file: 'again.yml' });
      [include] = tasksOf(entries);
    }
    await expect(loaded.loadInclude(include as Task, { file: 'again.yml' })).rejects.toMatchObject({
      kind: 'input',
      problems: [{ rule: 'include-circle', file: '/p/again.yml', line: 1 }],
    });
  });
});

describe('names that are known before the run', () => {
  it('come from the play and from extra variables, which win', async () => {
    const files = {
      '/p/site.yml': `
- hosts: all
  vars: {family: one, file: "{{ family }}.yml"}
  tasks:
    - import_tasks: "{{ file }}"
`,
      '/p/one.yml': '- name: one\n  ping:',
      '/p/two.yml': '- name: two\n  ping:',
    };
    expect(allTasks(await loadPlay(files)).map(({ name }) => name)).toEqual(['one']);
    const extra = await loadPlay(files, { family: 'two' });
    expect(allTasks(extra).map(({ name }) => name)).toEqual(['two']);
  });
});

describe('fact names', () => {
  it('are those of templates, conditions and template files', async () => {
    const play = await loadPlay({
      '/p/site.yml': `
- hosts: all
  tasks:
    - debug: msg="{{ ansible_hostname }}"
      when: ansible_facts.os_family == 'Debian'
    - template: {src: a.j2, dest: /x}
`,
      '/p/templates/a.j2': '{{ ansible_distribution }}',
    });
    expect([...(play.factNames as ReadonlySet<string>)]).toEqual(
      expect.arrayContaining(['ansible_hostname', 'ansible_os_family', 'ansible_distribution']),
    );
  });

  it('are all of them when a template includes another', async () => {
    const play = await loadPlay({
      '/p/site.yml': '- hosts: all\n  tasks: [{template: {src: a.j2, dest: /x}}]',
      '/p/templates/a.j2': "{% include 'b.j2' %}",
    });
    expect(play.factNames).toBe('all');
  });

  it('are all of them when a file is only known to the run', async () => {
    const play = await loadPlay('- hosts: all\n  tasks: [{include_tasks: "{{ x }}.yml"}]');
    expect(play.factNames).toBe('all');
  });
});

describe('rings', () => {
  it('are sizes of waves, with a suite and a number of failures if wanted', async () => {
    const loaded = await load(`
- hosts: all
  rings: [1, 25%, 100%]
- hosts: all
  rings: {waves: [2, "{{ rest }}"], suite: ready, max_failed: 3}
`);
    expect(
      loaded.playbook.plays.map(
        ({ rings }) => rings && { ...rings, sizes: rings.sizes.map(shown) },
      ),
    ).toEqual([
      { sizes: [1, '25%', '100%'], maxFailed: 0 },
      { sizes: [2, '<{{ rest }}>'], suite: 'ready', maxFailed: 3 },
    ]);
  });
});
