import { describe, expect, it } from 'vitest';
import { type HostMemory, PendingValue } from '../../src/model/play-scope.ts';
import {
  isLazy,
  isTemplate,
  makeTemplate,
  type PlayValue,
  type Scope,
  type Templar,
  textOf,
} from '../../src/model/play-value.ts';
import { TemplateError } from '../../src/model/template-error.ts';
import type { Value } from '../../src/model/value.ts';
import { makeScope } from '../../src/playbook/make-scope.ts';
import { makeHost } from '../helpers/make-host.ts';
import { makePlay, makePlayMemory, makeRole, makeRun, makeTask } from './precedence-project.ts';

function memoryOf(name: string, more: Partial<HostMemory> = {}): HostMemory {
  return { host: makeHost(name), facts: {}, setFacts: {}, includedVars: {}, ...more };
}

function at(value: PlayValue | undefined, ...keys: readonly string[]): PlayValue | undefined {
  return keys.reduce<PlayValue | undefined>((inner, key) => {
    if (isLazy(inner)) return inner.get(key);
    return (inner as { [key: string]: PlayValue } | undefined)?.[key];
  }, value);
}

/** Renders `{{ name }}` only: enough to see whose variables are looked at. */
const templar: Templar = {
  render: (value, scope: Scope) =>
    isTemplate(value)
      ? ((scope.get(textOf(value).replace(/[{} ]/g, '')) ?? null) as Value)
      : (value as Value),
  judge: () => true,
  renderFile: () => '',
};

describe('values of the inventory', () => {
  it('are templates where they hold Jinja2, with their place, and plain data otherwise', () => {
    const place = { file: 'hosts.yml', line: 3, column: 9 };
    const host = makeHost('pc1', {
      vars: { url: 'http://{{ inventory_hostname }}', list: ['{{ a }}', 'b'], count: 3 },
      originOf: () => place,
    });
    const memory = memoryOf('pc1', { host });
    const scope = makeScope({ run: makeRun([memory]), host: memory, play: makePlayMemory() });
    expect(scope.get('url')).toEqual(makeTemplate('http://{{ inventory_hostname }}', place));
    expect(scope.get('list')).toEqual([makeTemplate('{{ a }}', place), 'b']);
    expect(scope.get('count')).toBe(3);
  });

  it('that are !unsafe stay text', () => {
    const memory = memoryOf('pc1', {
      host: makeHost('pc1', { vars: { raw: { __ansible_unsafe: '{{ x }}' } } }),
    });
    const scope = makeScope({ run: makeRun([memory]), host: memory, play: makePlayMemory() });
    expect(scope.get('raw')).toBe('{{ x }}');
  });

  it('that are !vault are opened once, when somebody asks for them', () => {
    const opened: string[] = [];
    const decrypt = (text: string) => {
      opened.push(text);
      return `plain ${text}`;
    };
    const memory = memoryOf('pc1', {
      host: makeHost('pc1', { vars: { login: { pass: { __ansible_vault: 'A' } }, other: 1 } }),
    });
    const scope = makeScope({
      run: makeRun([memory], { decrypt }),
      host: memory,
      play: makePlayMemory(),
    });
    expect(scope.get('other')).toBe(1);
    expect(opened).toEqual([]);
    expect(scope.get('login')).toEqual({ pass: 'plain A' });
    expect(scope.get('login')).toEqual({ pass: 'plain A' });
    expect(opened).toEqual(['A']);
  });

  it('that are !vault fail the task where no password was given', () => {
    const memory = memoryOf('pc1', {
      host: makeHost('pc1', { vars: { pass: { __ansible_vault: 'A' } } }),
    });
    const scope = makeScope({ run: makeRun([memory]), host: memory, play: makePlayMemory() });
    expect(() => scope.get('pass')).toThrow(TemplateError);
  });
});

describe('facts', () => {
  const memory = memoryOf('pc1', {
    facts: { os_family: 'Debian', services: { ssh: 1 }, host: 'evil', text: '{{ 1 }}' },
  });
  const scope = makeScope({ run: makeRun([memory]), host: memory, play: makePlayMemory() });

  it('are in ansible_facts and under their name with the prefix', () => {
    expect(at(scope.get('ansible_facts'), 'os_family')).toBe('Debian');
    expect(scope.get('ansible_os_family')).toBe('Debian');
    expect(scope.get('os_family')).toBeUndefined();
  });

  it('of services and packages go by their bare name, too', () => {
    expect(scope.get('services')).toEqual({ ssh: 1 });
  });

  it('never are templates', () => {
    expect(scope.get('ansible_text')).toBe('{{ 1 }}');
  });

  it('do not say how the host is reached', () => {
    expect(scope.get('ansible_host')).toBe('pc1');
    expect([...scope.names()]).not.toContain('host');
  });
});

describe('hostvars', () => {
  const other = memoryOf('pc2', {
    host: makeHost('pc2', { vars: { self: '{{ inventory_hostname }}' } }),
    setFacts: { token: 7 },
    facts: { hostname: 'two' },
  });
  const memory = memoryOf('pc1');
  const play = makePlayMemory({ play: makePlay({ vars: { of_play: 1 } }) });
  const scopeOf = (more: Parameters<typeof makeRun>[1] = {}) =>
    makeScope({ run: makeRun([memory, other], more), host: memory, play });

  it('give what was set and gathered on another host, but no variables of the play', () => {
    const hostvars = scopeOf().get('hostvars');
    expect(at(hostvars, 'pc2', 'token')).toBe(7);
    expect(at(hostvars, 'pc2', 'ansible_hostname')).toBe('two');
    expect(at(hostvars, 'pc2', 'of_play')).toBeUndefined();
    expect(at(hostvars, 'pc3')).toBeUndefined();
  });

  it('render templates with the variables of the host they belong to', () => {
    expect(at(scopeOf({ templar }).get('hostvars'), 'pc2', 'self')).toBe('pc2');
  });

  it('list the hosts of the run and what is known of each', () => {
    const hostvars = scopeOf().get('hostvars');
    if (!isLazy(hostvars)) throw new Error('hostvars is no lazy mapping');
    expect(hostvars.keys()).toEqual(['pc1', 'pc2']);
    const one = hostvars.get('pc2');
    expect(isLazy(one) && one.keys()).toEqual(
      expect.arrayContaining(['self', 'token', 'ansible_hostname', 'inventory_hostname']),
    );
  });
});

describe('a value that is still to come', () => {
  const memory = memoryOf('pc1', { setFacts: { old: 1, made: 'before' } });
  const scope = makeScope({
    run: makeRun([memory], { extraVars: { forced: 1 } }),
    host: memory,
    play: makePlayMemory(),
    pending: new Set(['made', 'forced', 'ansible_facts']),
  });

  it('is pending by its name, in vars and in hostvars of the own host', () => {
    expect(() => scope.get('made')).toThrow(PendingValue);
    expect(() => at(scope.get('vars'), 'made')).toThrow(PendingValue);
    expect(() => at(scope.get('hostvars'), 'pc1', 'made')).toThrow(PendingValue);
    expect(scope.get('old')).toBe(1);
  });

  it('is known nevertheless where a higher rank decides', () => {
    expect(scope.get('forced')).toBe(1);
  });

  it('may be any fact, while facts are gathered', () => {
    expect(() => scope.get('ansible_facts')).toThrow(PendingValue);
    expect(() => scope.get('ansible_os_family')).toThrow(PendingValue);
    expect(() => at(scope.get('hostvars'), 'pc1', 'ansible_os_family')).toThrow(PendingValue);
    expect(scope.get('inventory_hostname')).toBe('pc1');
  });

  it('is among the names', () => {
    expect([...scope.names()]).toContain('made');
  });
});

describe('ranks above all', () => {
  const memory = memoryOf('pc1');
  const run = makeRun([memory], { extraVars: { item: 'extra', groups: 'extra', x: 'extra' } });
  const loop = {
    kind: 'loop',
    value: [],
    loopVar: 'item',
    extended: false,
    at: { file: '', line: 1, column: 1 },
  } as const;

  it('are the variables of the loop, for its own task', () => {
    const parts = { run, host: memory, play: makePlayMemory(), local: { item: 1, x: 1 } };
    expect(makeScope({ ...parts, task: makeTask([], { loop }) }).get('item')).toBe(1);
    expect(makeScope({ ...parts, task: makeTask([], { loop }) }).get('x')).toBe('extra');
    expect(makeScope({ ...parts, task: makeTask([]) }).get('item')).toBe('extra');
  });

  it('are what Ansible itself says', () => {
    const scope = makeScope({ run, host: memory, play: makePlayMemory() });
    expect(at(scope.get('groups'), 'all')).toEqual(['pc1']);
  });
});

describe('names of objects', () => {
  it('are no variables', () => {
    const memory = memoryOf('pc1');
    const scope = makeScope({ run: makeRun([memory]), host: memory, play: makePlayMemory() });
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty'])
      expect(scope.get(name)).toBeUndefined();
    expect(at(scope.get('hostvars'), '__proto__')).toBeUndefined();
  });
});

describe('folders', () => {
  it('are those of the role, of the file of the task and of the playbook', () => {
    const memory = memoryOf('pc1');
    const task = makeTask([], { role: makeRole('web'), folder: '/srv/roles/web/tasks' });
    const scope = makeScope({ run: makeRun([memory]), host: memory, play: makePlayMemory(), task });
    expect(scope.folders).toEqual(['/srv/roles/web', '/srv/roles/web/tasks', '/srv']);
    expect(scope.get('role_path')).toBe('/srv/roles/web');
  });
});
