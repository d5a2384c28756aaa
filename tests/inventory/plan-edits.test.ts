import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FileEdits, planEdits } from '../../src/inventory/edit.ts';
import type { InventoryFile } from '../../src/model/inventory-file.ts';
import { parseYaml } from '../../src/store/yaml.ts';
import { makeFile, resolveTexts } from './load-raw.ts';

const host = (name: string, group: string, values: Record<string, string>) => ({
  name,
  group,
  values: new Map(Object.entries(values)),
});

function edit(text: string, edits: Partial<FileEdits>) {
  return planEdits(makeFile(text), { changes: new Map(), added: [], ...edits }, parseYaml);
}

const a09 = host('a09', 'lab_a', {
  mac: '00-E0-4C-00-00-09',
  seat: '09',
  'owner.name': '王芳',
  'owner.id': '0301',
});

describe('adding hosts', () => {
  it('puts them at the end of their group, in the way the file is written, and leaves every other byte', () => {
    const before = `# school
all:
    children:
        lab_a:
            hosts:
                a01: {seat: "01"}  # window
                a02:
                    seat: "02"   # door
            # end of lab_a
        lab_b:
            hosts: {b01: {}}
`;
    expect(edit(before, { added: [a09] })).toEqual({
      refused: new Map(),
      text: before.replace(
        `# door\n`,
        `# door
                a09:
                    mac: "00:e0:4c:00:00:09"
                    seat: "09"
                    owner:
                        name: 王芳
                        id: "0301"
`,
      ),
    });
  });

  it.each([
    [
      'no hosts yet',
      'lab_a:\n  vars: {class: student}\n',
      'lab_a:\n  vars: {class: student}\n  hosts:\n    a09:\n      seat: "09"\n',
    ],
    [
      'empty hosts',
      'lab_a:\n  hosts:\n  vars: {class: student}\n',
      'lab_a:\n  hosts:\n    a09:\n      seat: "09"\n  vars: {class: student}\n',
    ],
    [
      'an empty group',
      'lab_a:\nlab_b:\n  hosts: {b: {}}\n',
      'lab_a:\n  hosts:\n    a09:\n      seat: "09"\nlab_b:\n  hosts: {b: {}}\n',
    ],
    [
      'flow notation',
      'lab_a: {hosts: {a01: {}}}\n',
      'lab_a: {hosts: {a01: {}, a09: {seat: "09"}}}\n',
    ],
    ['an empty flow mapping', 'lab_a: {hosts: {}}\n', 'lab_a: {hosts: {a09: {seat: "09"}}}\n'],
    [
      'JSON',
      '{"lab_a": {"hosts": {"a01": {}}}}',
      '{"lab_a": {"hosts": {"a01": {}, "a09": {"seat": "09"}}}}',
    ],
    [
      'no line break at the end',
      'lab_a:\n  hosts:\n    a01:',
      'lab_a:\n  hosts:\n    a01:\n    a09:\n      seat: "09"',
    ],
    [
      'CRLF',
      'lab_a:\r\n  hosts:\r\n    a01:\r\n',
      'lab_a:\r\n  hosts:\r\n    a01:\r\n    a09:\r\n      seat: "09"\r\n',
    ],
  ])('with %s', (_, before, after) => {
    expect(edit(before, { added: [host('a09', 'lab_a', { seat: '09' })] })).toEqual({
      text: after,
      refused: new Map(),
    });
  });

  it('quotes names that a reader would take for something else', () => {
    const names = ['no', '1e3', '0123', 'y', 'pc-1'];
    const { text } = edit('lab_a:\n  hosts:\n    a01:\n', {
      added: names.map((name) => host(name, 'lab_a', { seat: 'x' })),
    });
    expect(text).toContain('    "no":\n');
    expect(text).toContain('    pc-1:\n');
    expect(resolveTexts(makeFile(text)).inventory.hosts.map(({ name }) => name)).toEqual([
      'a01',
      ...names,
    ]);
  });

  it('follows what is added to the last host at the same time', () => {
    const { text } = edit('lab_a:\n  hosts:\n    a01:\n      seat: "1"\n', {
      changes: new Map([['a01', new Map([['ip', '10.1.1.1']])]]),
      added: [host('a09', 'lab_a', { seat: '09' })],
    });
    expect(text).toBe(
      'lab_a:\n  hosts:\n    a01:\n      seat: "1"\n      ip: 10.1.1.1\n    a09:\n      seat: "09"\n',
    );
  });

  it.each([
    ['a group that is not there', 'lab_b:\n  hosts:\n    a01:\n', 'has no group lab_a'],
    ['hosts in a list', 'lab_a:\n  hosts: [a01]\n', 'not written as a mapping'],
    [
      'hosts of an anchor',
      'x:\n  hosts: &h\n    a01:\nlab_a:\n  hosts: *h\n',
      'not written as a mapping',
    ],
  ])('leaves out, with the reason, a host for %s', (_, before, reason) => {
    const { text, refused } = edit(before, { added: [host('a09', 'lab_a', { seat: '09' })] });
    expect(text).toBe(before);
    expect(refused.get('a09')?.message).toContain(reason);
  });
});

describe('many edits at once', () => {
  it('leave out the hosts that cannot be edited, and make the others', () => {
    const before = 'lab_a:\n  hosts:\n    pc[1:3]: {model: x}\n    a01: {seat: "1"}\n';
    const { text, refused } = edit(before, {
      changes: new Map([
        ['pc2', new Map([['seat', '2']])],
        ['a01', new Map([['seat', '9']])],
        ['gone', new Map([['seat', '3']])],
      ]),
    });
    expect(text).toBe(before.replace('seat: "1"', 'seat: "9"'));
    expect([...refused.keys()].sort()).toEqual(['gone', 'pc2']);
  });

  it('write several MAC addresses as a list, over a single one and over a list in one line', () => {
    const wanted = '00:e0:4c:00:00:01\n00-E0-4C-00-00-02 (wifi)';
    const list =
      '[{addr: "00:e0:4c:00:00:01", role: wired}, {addr: "00:e0:4c:00:00:02", role: wifi}]';
    for (const mac of ['"00:e0:4c:00:00:09"', '[{addr: "00:e0:4c:00:00:09"}]']) {
      const { text } = edit(`lab_a:\n  hosts:\n    a01:\n      mac: ${mac}  # card\n`, {
        changes: new Map([['a01', new Map([['mac', wanted]])]]),
      });
      expect(text).toBe(`lab_a:\n  hosts:\n    a01:\n      mac: ${list}  # card\n`);
    }
  });

  it('edit INI inventories too, but add nothing to them', () => {
    const file: InventoryFile = {
      path: 'hosts.ini',
      role: { kind: 'source', format: 'ini' },
      text: '[lab_a]\na01 seat=1 # x\na02\n',
    };
    const changes = new Map([
      ['a01', new Map([['seat', '9']])],
      ['a02', new Map([['ip', '10.1.1.2']])],
    ]);
    const { text, refused } = planEdits(file, { changes, added: [a09] }, parseYaml);
    expect(text).toBe('[lab_a]\na01 seat=\'"9"\' # x\na02 ip=10.1.1.2\n');
    expect(refused.get('a09')?.kind).toBe('refused');
  });

  it('give exactly the wanted values, whatever is added to whatever hosts', () => {
    const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,6}[a-z0-9])?$/);
    const value = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
      .filter((text) => !/[\p{Cc}\p{Cs}\ufeff\u2028\u2029\ufffe\uffff]/u.test(text));
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { minLength: 2, maxLength: 8 }),
        fc.array(value, { minLength: 8, maxLength: 8 }),
        fc.nat(8),
        (names, values, cut) => {
          const old = names.slice(0, Math.min(cut, names.length - 1));
          const body = old.map((each) => `    "${each}": {seat: "s-${each}"}\n`).join('');
          const { text, refused } = edit(`lab_a:\n  hosts:\n${body}`, {
            changes: new Map(
              old.map((each, index) => [each, new Map([['model', values[index] ?? '']])]),
            ),
            added: names
              .slice(old.length)
              .map((each, index) => host(each, 'lab_a', { 'owner.name': values[index] ?? '' })),
          });
          expect(refused.size).toBe(0);
          const { hosts } = resolveTexts(makeFile(text)).inventory;
          expect(hosts.map((each) => each.name).sort()).toEqual([...names].sort());
          for (const [index, each] of names.entries()) {
            const found = hosts.find((one) => one.name === each);
            if (index < old.length)
              expect(found).toMatchObject({ seat: `s-${each}`, model: values[index] });
            else expect(found?.owner.name).toBe(values[index - old.length]);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
