import type { HostMemory, PlayMemory, RunMemory } from '../../src/model/play-scope.ts';
import type { PlayVars } from '../../src/model/play-value.ts';
import type { Keywords, Play, Role, Task } from '../../src/model/playbook.ts';
import { makeHost } from '../helpers/make-host.ts';

/** Everywhere a variable can be set. Their order here is not their precedence. */
export const ranks = [
  'other_defaults',
  'dep_defaults',
  'own_defaults',
  'inventory_group',
  'inventory_host',
  'facts',
  'play',
  'prompt',
  'vars_file',
  'other_vars',
  'dep_vars',
  'entry_vars',
  'own_vars',
  'block',
  'task',
  'include_vars',
  'set_fact',
  'role_params',
  'include_params',
  'extra',
] as const;
export type Rank = (typeof ranks)[number];

/** One variable for each pair of ranks, set in these two places alone; each value is the name of its rank. */
export const pairs: readonly { readonly name: string; readonly ranks: readonly [Rank, Rank] }[] =
  ranks.flatMap((first, low) =>
    ranks.slice(low + 1).map((second, more) => ({
      name: `ansible_v_${low}_${low + 1 + more}`,
      ranks: [first, second] as const,
    })),
  );

/** What is set at a rank. */
export function varsAt(rank: Rank): Record<string, string> {
  const here = pairs.filter(({ ranks: places }) => places.includes(rank));
  return Object.fromEntries(here.map(({ name }) => [name, rank]));
}

const shown = Object.fromEntries(pairs.map(({ name }) => [name, `{{ ${name} | default('-') }}`]));

/** The playbook: its messages are what a task of the dependency sees, what one of the role sees, and what one of the play sees. */
export const precedenceProject: { readonly [path: string]: unknown } = {
  'hosts.yml': {
    all: {
      vars: { ...varsAt('inventory_group'), ansible_connection: 'local' },
      hosts: { pc1: varsAt('inventory_host') },
    },
  },
  'vars.yml': varsAt('vars_file'),
  'included.yml': varsAt('include_vars'),
  'extra.yml': varsAt('extra'),
  'library/give_facts': `#!/bin/sh\ncat <<'END'\n${JSON.stringify({ changed: false, ansible_facts: varsAt('facts') })}\nEND\n`,
  'show.yml': [{ vars: varsAt('block'), block: [{ debug: { msg: shown }, vars: varsAt('task') }] }],
  'roles/other/defaults/main.yml': varsAt('other_defaults'),
  'roles/other/vars/main.yml': varsAt('other_vars'),
  'roles/dep/defaults/main.yml': varsAt('dep_defaults'),
  'roles/dep/vars/main.yml': varsAt('dep_vars'),
  'roles/dep/tasks/main.yml': [
    { include_tasks: '{{ playbook_dir }}/show.yml', vars: varsAt('include_params') },
  ],
  'roles/own/meta/main.yml': { dependencies: ['dep'] },
  'roles/own/defaults/main.yml': varsAt('own_defaults'),
  'roles/own/vars/main.yml': varsAt('own_vars'),
  'roles/own/tasks/main.yml': [
    { include_tasks: '{{ playbook_dir }}/show.yml', vars: varsAt('include_params') },
  ],
  'play.yml': [
    {
      hosts: 'pc1',
      gather_facts: false,
      vars: varsAt('play'),
      vars_prompt: Object.keys(varsAt('prompt')).map((name) => ({ name, default: 'prompt' })),
      vars_files: ['vars.yml'],
      pre_tasks: [
        { give_facts: null },
        { include_vars: 'included.yml' },
        { set_fact: varsAt('set_fact') },
      ],
      roles: ['other', { role: 'own', vars: varsAt('entry_vars'), ...varsAt('role_params') }],
      tasks: [{ include_tasks: 'show.yml', vars: varsAt('include_params') }],
    },
  ],
};

/** The same as Labkit's engine knows it. */
export function precedenceMemory(): {
  readonly run: RunMemory;
  readonly host: HostMemory;
  readonly play: PlayMemory;
  readonly own: Role;
  readonly dep: Role;
} {
  const vars = { ...varsAt('inventory_group'), ...varsAt('inventory_host') };
  const facts = Object.fromEntries(
    Object.entries(varsAt('facts')).map(([name, value]) => [name.slice('ansible_'.length), value]),
  );
  const host: HostMemory = {
    host: makeHost('pc1', { vars }),
    facts,
    setFacts: varsAt('set_fact'),
    includedVars: varsAt('include_vars'),
  };
  const other = makeRole('other', {
    defaults: varsAt('other_defaults'),
    vars: varsAt('other_vars'),
  });
  const own = makeRole('own', {
    defaults: varsAt('own_defaults'),
    vars: varsAt('own_vars'),
    entryVars: varsAt('entry_vars'),
    params: varsAt('role_params'),
  });
  const dep = makeRole('dep', {
    defaults: varsAt('dep_defaults'),
    vars: varsAt('dep_vars'),
    parents: ['own'],
    parentRoles: [own],
  });
  const roles = [other, dep, { ...own, dependencies: [dep] }];
  return {
    run: makeRun([host], { extraVars: varsAt('extra') }),
    host,
    play: makePlayMemory({
      play: makePlay({ vars: varsAt('play'), roles }),
      varsFiles: [varsAt('vars_file')],
      prompts: varsAt('prompt'),
      roles,
    }),
    own: { ...own, dependencies: [dep] },
    dep,
  };
}

const noKeywords: Keywords = {
  environment: [],
  moduleDefaults: new Map(),
  when: [],
  tags: [],
  vars: [],
};
const at = { file: '/srv/play.yml', line: 1, column: 1 };

export function makeRole(name: string, more: Partial<Role> = {}): Role {
  return {
    name,
    path: `/srv/roles/${name}`,
    defaults: {},
    vars: {},
    params: {},
    parents: [],
    ...more,
  };
}

export function makeRun(hosts: readonly HostMemory[], more: Partial<RunMemory> = {}): RunMemory {
  const names = hosts.map(({ host }) => host.name);
  return {
    hosts: new Map(hosts.map((memory) => [memory.host.name, memory])),
    groups: new Map([['all', names]]),
    extraVars: {},
    checkMode: false,
    diffMode: false,
    tags: [],
    skipTags: [],
    limit: '',
    forks: 5,
    verbosity: 0,
    inventoryFiles: ['/srv/hosts.yml'],
    omit: '__omit_place_holder__1',
    ...more,
  };
}

export function makePlay(more: Partial<Play> = {}): Play {
  return {
    index: 1,
    at,
    hosts: 'all',
    order: 'inventory',
    strategy: 'linear',
    factNames: 'all',
    vars: {},
    varsFiles: [],
    varsPrompt: [],
    serial: [],
    anyErrorsFatal: false,
    forceHandlers: false,
    keywords: noKeywords,
    roles: [],
    sections: [],
    handlers: [],
    ...more,
  };
}

export function makePlayMemory(more: Partial<PlayMemory> = {}): PlayMemory {
  return {
    play: makePlay(),
    playbookFolder: '/srv',
    varsFiles: [],
    prompts: {},
    hosts: ['pc1'],
    batch: ['pc1'],
    roles: [],
    ...more,
  };
}

export function makeTask(vars: readonly PlayVars[], more: Partial<Task> = {}): Task {
  return {
    kind: 'task',
    id: '1',
    at,
    action: 'ansible.builtin.debug',
    does: { kind: 'meta', what: 'noop' },
    keywords: { ...noKeywords, vars },
    changedWhen: [],
    failedWhen: [],
    until: [],
    notify: [],
    listen: [],
    folder: '/srv',
    ...more,
  };
}
