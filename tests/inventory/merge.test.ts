import { describe, expect, it } from 'vitest';
import { mergeInventory } from '../../src/inventory/merge.ts';
import { positionOf } from '../../src/model/located.ts';
import { makeFile } from './load-raw.ts';

/** The rule and place of each problem of merged texts. */
function faults(...texts: readonly (string | [string, string])[]): string[] {
  const files = texts.map((text) =>
    typeof text === 'string' ? makeFile(text) : makeFile(text[1], text[0]),
  );
  return mergeInventory(files).problems.map(
    ({ rule, line, column }) => `${rule} ${line}:${column}`,
  );
}

describe('mergeInventory', () => {
  it('knows where each effective value was written, by its dotted way', () => {
    const inventory = makeFile(
      'all:\n  vars: {a: 1}\n  children:\n    lab:\n      vars: {a: 2, b: 2}\n      hosts:\n        pc[1:2]:\n          c: 3\n',
    );
    const vars = makeFile('b: 4\n', 'group_vars/lab.yaml', { kind: 'group_vars', name: 'lab' });
    const host = mergeInventory([inventory, vars]).hosts.get('pc2');
    const places = [...(host?.effective ?? [])].map(([name, { node, path }]) => {
      const { file, line, column } = positionOf(node);
      return `${name} ${file}:${line}:${column} ${path}`;
    });
    expect(places).toEqual([
      'a hosts.yaml:5:17 all.children.lab.vars.a',
      'b group_vars/lab.yaml:1:4 b',
      'c hosts.yaml:8:14 all.children.lab.hosts.pc[1:2].c',
    ]);
    expect(host?.mentions).toEqual([
      {
        name: 'pc2',
        at: { file: 'hosts.yaml', line: 7, column: 9 },
        path: 'all.children.lab.hosts.pc[1:2]',
        range: 'pc[1:2]',
      },
    ]);
  });

  it('points into INI lines: host, key and value, quotes left out of the text', () => {
    const file = makeFile('[lab]\n  pc1 a="x y"  b=12\n[lab:vars]\nc = [1, 2]\n', 'hosts');
    const host = mergeInventory([file]).hosts.get('pc1');
    const places = [...(host?.effective ?? [])].map(([name, { node, value, path }]) => [
      `${name} ${positionOf(node).line}:${positionOf(node).column} ${path}`,
      node.kind === 'scalar' && node.text,
      value,
    ]);
    expect(places).toEqual([
      ['c 4:5 [lab:vars].c', '[1, 2]', [1, 2]],
      ['a 2:10 [lab].pc1.a', 'x y', 'x y'],
      ['b 2:18 [lab].pc1.b', '12', 12],
    ]);
    expect(host?.mentions[0]?.at).toEqual({ file: 'hosts', line: 2, column: 3 });
  });

  it('keeps every assignment of a host in reading order, the last one in effect', () => {
    const raw = mergeInventory([
      makeFile('all: {hosts: {h1: {a: 1}}}'),
      makeFile('h1 a=2\n', 'more'),
      makeFile('a: 3\n', 'host_vars/h1.yaml', { kind: 'host_vars', name: 'h1' }),
    ]);
    const host = raw.hosts.get('h1');
    expect(host?.assignments.map(({ value }) => value)).toEqual([1, 2, 3]);
    expect(host?.effective.get('a')?.value).toBe(3);
  });

  it('lets files beside the playbook win over those beside the inventory, layer by layer', () => {
    const vars = (
      text: string,
      kind: 'group_vars' | 'host_vars',
      name: string,
      besidePlaybook: boolean,
    ) => makeFile(text, `${kind}/${name}.yaml`, { kind, name, besidePlaybook });
    const raw = mergeInventory([
      makeFile('g: {hosts: {h1: {}}}'),
      vars('a: playbook all\nb: playbook all\nc: x\n', 'group_vars', 'all', true),
      vars('a: inventory g\n', 'group_vars', 'g', false),
      vars('b: inventory all\n', 'group_vars', 'all', false),
      vars('c: playbook host\n', 'host_vars', 'h1', true),
      vars('c: inventory host\n', 'host_vars', 'h1', false),
    ]);
    const effective = raw.hosts.get('h1')?.effective;
    expect([
      effective?.get('a')?.value,
      effective?.get('b')?.value,
      effective?.get('c')?.value,
    ]).toEqual(['inventory g', 'playbook all', 'playbook host']);
  });

  it('lists hosts group by group, breadth first, those of no group before', () => {
    const raw = mergeInventory([
      makeFile(
        'all: {children: {b: {children: {c: {hosts: {h3: }}}, hosts: {h2: }}, a: {hosts: {h1: , h3: }}}, hosts: {h0: }}',
      ),
    ]);
    expect([...raw.hosts.keys()]).toEqual(['h0', 'h2', 'h1', 'h3']);
    expect(raw.hosts.get('h3')?.groups).toEqual(['a', 'b', 'c']);
    expect(raw.hosts.get('h0')?.groups).toEqual(['ungrouped']);
  });

  it('tells every fault of a YAML inventory at once and goes on with the rest', () => {
    const text = [
      'all:',
      '  children:',
      '    a: {hosts: [h1]}',
      '    b: text',
      '    c: {host: {h2: }, vars: {ansible_group_priority: high}}',
      '    d: {children: {d: , e: {children: {d: }}}}',
      '  hosts:',
      '    101:',
      '    pc[5:1]:',
      '    h3: text',
      '    no: {}',
      '    good: {x: 1}',
    ].join('\n');
    expect(faults(text)).toEqual([
      'bad-section 3:9',
      'bad-group 4:8',
      'unknown-group-key 5:9',
      'bad-priority 5:54',
      'group-cycle 6:20',
      'group-cycle 6:25',
      'name-not-text 8:5',
      'bad-range 9:5',
      'bad-host 10:5',
      'name-not-text 11:5',
    ]);
    expect(
      mergeInventory([makeFile(text)])
        .hosts.get('good')
        ?.effective.get('x')?.value,
    ).toBe(1);
  });

  it('tells every fault of an INI inventory at once and goes on with the rest', () => {
    const text =
      '[a b]\n[g:what]\n[g]\nh1 "open\nh2 novalue\nh3:\npc[1:x]\n[g:children]\nnobody here\nmissing\n[absent:vars]\nnoequals\n[g]\ngood x=1\n';
    expect(faults(['hosts', text])).toEqual([
      'ini-section 1:1',
      'ini-section 2:1',
      'ini-line 4:1',
      'ini-line 5:4',
      'bad-range 6:1',
      'bad-range 7:1',
      'ini-line 9:1',
      'ini-line 12:1',
      'unknown-group 10:1',
      'unknown-group 11:1',
    ]);
    expect(
      mergeInventory([makeFile(text, 'hosts')])
        .hosts.get('good')
        ?.effective.get('x')?.value,
    ).toBe(1);
  });

  it('refuses groups that hold `all`, and nested `ungrouped`, whose hosts Ansible would lose', () => {
    expect(faults('g: {children: {all: {hosts: {h1: }}}}')).toEqual(['group-cycle 1:1']);
    expect(faults('g: {children: {ungrouped: {hosts: {h1: }}}}')).toEqual([
      'ungrouped-nested 1:16',
    ]);
  });

  it('warns of namesakes, empty files and vaulted files, and refuses what is no inventory', () => {
    expect(faults('web: {hosts: {web: }}')).toEqual(['host-and-group 1:15']);
    expect(faults('# nothing yet\n', ['hosts', '; nothing\n\n'])).toEqual([
      'empty-inventory 1:1',
      'empty-inventory 1:1',
    ]);
    expect(faults(['hosts', `${'#'.repeat(5000)}\nh1\n`])).toEqual([]);
    expect(faults('- a\n- b\n')).toEqual(['not-an-inventory 1:1']);
    expect(faults('plugin: amazon.aws.aws_ec2\nregions: [x]\n')).toEqual(['inventory-plugin 1:1']);
    expect(faults(['hosts', '$ANSIBLE_VAULT;1.1;AES256\n6162\n'])).toEqual(['vaulted-file 1:1']);
    const vaulted = makeFile('$ANSIBLE_VAULT;1.1;AES256\n6162\n', 'group_vars/all.yaml', {
      kind: 'group_vars',
      name: 'all',
    });
    const list = makeFile('- a\n', 'group_vars/all.yaml', { kind: 'group_vars', name: 'all' });
    expect(
      mergeInventory([vaulted, list]).problems.map(({ rule, severity }) => `${rule} ${severity}`),
    ).toEqual(['vaulted-file warning', 'bad-vars-file error']);
  });

  it('refuses ranges that would fill the memory', () => {
    expect(faults('all: {hosts: {"a[0:999999999]": , "b[0:9999]c[0:9999]": }}')).toEqual([
      'bad-range 1:15',
      'bad-range 1:35',
    ]);
  });
});
