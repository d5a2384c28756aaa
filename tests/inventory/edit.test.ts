import { readdir } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { planEdit, selectEdits } from '../../src/inventory/edit.ts';
import { mergeInventory } from '../../src/inventory/merge.ts';
import type { InventoryFile } from '../../src/inventory/raw.ts';
import { LabError } from '../../src/model/lab-error.ts';
import type { Value } from '../../src/model/value.ts';
import { loadInventoryFiles } from '../../src/store/inventory-files.ts';
import { parseYaml } from '../../src/store/yaml.ts';

function yamlFile(text: string, role: InventoryFile['role'] = yamlSource): InventoryFile {
  const { root } = parseYaml(text, 'school.yaml');
  return { path: 'school.yaml', role, text, ...(root ? { root } : {}) };
}
const yamlSource: InventoryFile['role'] = { kind: 'source', format: 'yaml' };
const hostVars: InventoryFile['role'] = { kind: 'host_vars', name: 'a01' };

function iniFile(text: string): InventoryFile {
  return { path: 'hosts', role: { kind: 'source', format: 'ini' }, text };
}

function edit(file: InventoryFile, host: string, changes: Record<string, string | null>): string {
  return planEdit(file, host, new Map(Object.entries(changes)), parseYaml).text;
}

function refusal(file: InventoryFile, host: string, changes: Record<string, string | null>) {
  try {
    return `made it: ${edit(file, host, changes)}`;
  } catch (error) {
    if (!(error instanceof Error) || !('kind' in error)) throw error;
    return `${String(error.kind)}: ${error.message}`;
  }
}

const school = `\ufeff# 第七中学  \r
all:\r
  children:\r
    lab_a:   # 机房 A\r
      vars:\r
        room: { title: 机房 A }\r
      hosts:\r
        a01: # by the door\r
            mac: 00-1A-2B-3C-4D-5E   # 有线\r
            ip:    10.1.1.21\r
            owner:\r
                name: '王芳'\r
                id: 0123\r
            seat: 1\r
        a02:\r
        a03: { ip: 10.1.1.23, owner: {name: 李雷} } # flow\r
        a04: {}\r
        a05: ~\r
        a[06:09]:\r
          class: student\r
        a10:\r
          note: |\r
            two\r
            lines\r
`;

/** The lines that differ, as `- old` and `+ new`; works because edits never reorder lines. */
function diff(before: string, after: string): string[] {
  const a = before.split('\n');
  const b = after.split('\n');
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  return [
    ...a.slice(start, a.length - end).map((line) => `- ${line}`),
    ...b.slice(start, b.length - end).map((line) => `+ ${line}`),
  ];
}

describe('a value that is there is replaced in its place', () => {
  test.each<[string, string, string, string[]]>([
    [
      'a01',
      'mac',
      '52-54-00-AA-BB-CC',
      [
        '-             mac: 00-1A-2B-3C-4D-5E   # 有线\r',
        '+             mac: "52:54:00:aa:bb:cc"   # 有线\r',
      ],
    ],
    [
      'a01',
      'ip',
      '10.1.1.99',
      ['-             ip:    10.1.1.21\r', '+             ip:    10.1.1.99\r'],
    ],
    [
      'a01',
      'owner.name',
      "O'Neil: 周",
      ["-                 name: '王芳'\r", "+                 name: 'O''Neil: 周'\r"],
    ],
    ['a01', 'owner.id', '0456', ['-                 id: 0123\r', '+                 id: "0456"\r']],
    ['a01', 'seat', '7', ['-             seat: 1\r', '+             seat: 7\r']],
    ['a01', 'seat', '07', ['-             seat: 1\r', '+             seat: "07"\r']],
    [
      'a03',
      'owner.name',
      '韩梅梅, 张',
      [
        '-         a03: { ip: 10.1.1.23, owner: {name: 李雷} } # flow\r',
        '+         a03: { ip: 10.1.1.23, owner: {name: "韩梅梅, 张"} } # flow\r',
      ],
    ],
    [
      'a10',
      'note',
      'one',
      [
        '-           note: |\r',
        '-             two\r',
        '-             lines\r',
        '+           note: one\r',
      ],
    ],
  ])('%s %s=%s', (host, key, value, expected) => {
    expect(diff(school, edit(yamlFile(school), host, { [key]: value }))).toEqual(expected);
  });
});

describe('a new key goes behind those that are there, written as they are', () => {
  test.each<[string, Record<string, string>, string[]]>([
    ['a01', { asset: '0042' }, ['+             asset: "0042"\r']],
    ['a01', { 'owner.phone': '8231' }, ['+                 phone: "8231"\r']],
    [
      'a02',
      { ip: '10.1.1.22', class: 'student' },
      ['+           ip: 10.1.1.22\r', '+           class: student\r'],
    ],
    [
      'a02',
      { 'owner.name': '李雷', 'owner.id': '7' },
      ['+           owner:\r', '+             name: 李雷\r', '+             id: "7"\r'],
    ],
    [
      'a03',
      { protected: 'true' },
      [
        '-         a03: { ip: 10.1.1.23, owner: {name: 李雷} } # flow\r',
        '+         a03: { ip: 10.1.1.23, owner: {name: 李雷}, protected: true } # flow\r',
      ],
    ],
    [
      'a04',
      { 'owner.name': 'No' },
      ['-         a04: {}\r', '+         a04: {owner: {name: "No"}}\r'],
    ],
    [
      'a05',
      { serial: '12e4' },
      ['-         a05: ~\r', '+         a05: \r', '+           serial: "12e4"\r'],
    ],
    ['a10', { vlan: '110' }, ['+           vlan: 110\r']],
  ])('%s %j', (host, changes, expected) => {
    expect(diff(school, edit(yamlFile(school), host, changes))).toEqual(expected);
  });

  test('a file without a last line break gets one', () => {
    expect(edit(yamlFile('all:\n  hosts:\n    a01:'), 'a01', { ip: '10.1.1.1' })).toBe(
      'all:\n  hosts:\n    a01:\n      ip: 10.1.1.1',
    );
  });

  test('host_vars files: block, flow, JSON, and one with only a comment', () => {
    expect(edit(yamlFile('\ufeffip: 10.1.1.1\n', hostVars), 'a01', { seat: '3' })).toBe(
      '\ufeffip: 10.1.1.1\nseat: "3"\n',
    );
    expect(edit(yamlFile('{ip: 10.1.1.1}\n', hostVars), 'a01', { seat: 'A 3' })).toBe(
      '{ip: 10.1.1.1, seat: A 3}\n',
    );
    expect(edit(yamlFile('{"ip": "10.1.1.1"}\n', hostVars), 'a01', { 'owner.name': '王' })).toBe(
      '{"ip": "10.1.1.1", "owner": {"name": "王"}}\n',
    );
    expect(edit(yamlFile('# 王芳的电脑\r\n', hostVars), 'a01', { ip: '10.1.1.1' })).toBe(
      '# 王芳的电脑\r\nip: 10.1.1.1\r\n',
    );
    expect(edit(yamlFile('', hostVars), 'a01', { 'owner.id': '1', seat: '2' })).toBe(
      'owner:\n  id: "1"\nseat: "2"\n',
    );
  });
});

describe('taking a value away', () => {
  test.each<[string, Record<string, null>, string[]]>([
    ['a01', { ip: null }, ['-             ip:    10.1.1.21\r']],
    ['a01', { 'owner.id': null }, ['-                 id: 0123\r']],
    [
      'a01',
      { owner: null },
      [
        '-             owner:\r',
        "-                 name: '王芳'\r",
        '-                 id: 0123\r',
      ],
    ],
    [
      'a03',
      { ip: null },
      [
        '-         a03: { ip: 10.1.1.23, owner: {name: 李雷} } # flow\r',
        '+         a03: { owner: {name: 李雷} } # flow\r',
      ],
    ],
    [
      'a03',
      { owner: null },
      [
        '-         a03: { ip: 10.1.1.23, owner: {name: 李雷} } # flow\r',
        '+         a03: { ip: 10.1.1.23 } # flow\r',
      ],
    ],
    [
      'a10',
      { note: null },
      ['-           note: |\r', '-             two\r', '-             lines\r'],
    ],
    ['a02', { ip: null }, []],
  ])('%s %j', (host, changes, expected) => {
    expect(diff(school, edit(yamlFile(school), host, changes))).toEqual(expected);
  });

  test('the last field of a mapping takes the mapping with it', () => {
    const text = edit(yamlFile(school), 'a01', { 'owner.name': null, 'owner.id': null });
    expect(diff(school, text)).toEqual([
      '-             owner:\r',
      "-                 name: '王芳'\r",
      '-                 id: 0123\r',
    ]);
  });
});

describe('what would reach further than one host is refused', () => {
  test.each<[string, string, Record<string, string | null>, string]>([
    ['a host of a range', school, { class: 'office' }, 'written as part of a[06:09]'],
  ])('%s', (_, text, changes, message) => {
    expect(refusal(yamlFile(text), 'a07', changes)).toContain(`refused: a07 is ${message}`);
  });

  const anchors = `
all:
  hosts:
    a01: &pc
      owner: &boss { name: 王芳 }
      class: student
      seat: "1"
    a02:
      <<: *pc
      owner: *boss
      seat: "2"
    a03: *pc
`;
  test.each<[string, Record<string, string>, string]>([
    ['a02', { class: 'office' }, 'refused: class comes from an anchor'],
    ['a02', { 'owner.name': 'x' }, 'refused: owner.name comes from an anchor'],
    ['a03', { seat: '3' }, 'refused: seat comes from an anchor'],
    ['a01', { class: 'office' }, 'refused: school.yaml is written in a way'],
    ['a01', { 'owner.name': 'x' }, 'refused: school.yaml is written in a way'],
  ])('%s %j in a file with anchors', (host, changes, message) => {
    expect(refusal(yamlFile(anchors), host, changes)).toContain(message);
  });

  test('what is only its own may be changed in a file with anchors', () => {
    expect(diff(anchors, edit(yamlFile(anchors), 'a02', { seat: '9', ip: '10.1.1.2' }))).toEqual([
      '-       seat: "2"',
      '+       seat: "9"',
      '+       ip: 10.1.1.2',
    ]);
  });

  test.each<[Record<string, string>, string]>([
    [{ mac: '01:00:5e:00:00:01' }, 'usage: mac: "01:00:5e:00:00:01" is a multicast address'],
    [{ ip: '10.1.1.300' }, 'usage: ip: "10.1.1.300" is not an IP address'],
    [{ class: 'studnt' }, 'usage: class: "studnt" is none of its values'],
    [{ vlan: '5000' }, 'usage: vlan: "5000" is not a VLAN number'],
    [{ ansible_password: 'geheim' }, 'refused: ansible_password is a secret'],
    [{ 'a b': '1' }, 'usage: "a b" is not a variable'],
    [{ 'seat.x': '1' }, 'refused: seat.x: seat is a single text'],
    [{ owner: '王芳' }, 'refused: owner is a mapping'],
    [{ model: 'a\u0007b' }, 'usage: model: the value has a control character'],
    [{ 'owner.name': 'x', owner: 'y' }, 'refused: owner is a mapping'],
  ])('%j', (changes, message) => {
    expect(refusal(yamlFile(school), 'a01', changes)).toContain(message);
  });

  test('a host that is not there, and a file with problems', () => {
    expect(refusal(yamlFile(school), 'b01', { ip: '10.1.1.1' })).toContain('input: ');
    expect(refusal(yamlFile('all: [\n'), 'a01', { ip: '10.1.1.1' })).toContain('input: ');
  });

  test('a vaulted value is not replaced by a plain one', () => {
    const text =
      'all:\n  hosts:\n    a01:\n      note: !vault |\n        $ANSIBLE_VAULT;1.1\n        61\n';
    expect(refusal(yamlFile(text), 'a01', { note: 'x' })).toContain('refused: note is tagged');
  });
});

describe('INI inventories', () => {
  const hosts = `; 机房\n[lab_a]\na01 mac=00:1a:2b:3c:4d:5e  ip=10.1.1.21 # door\na02\tmodel="OptiPlex 7010" serial='"0042"'\r\na[03:09] class=student\n[lab_a:vars]\nclass=thin\n`;
  test.each<[string, Record<string, string | null>, string[]]>([
    [
      'a01',
      { ip: '10.1.1.99' },
      [
        '- a01 mac=00:1a:2b:3c:4d:5e  ip=10.1.1.21 # door',
        '+ a01 mac=00:1a:2b:3c:4d:5e  ip=10.1.1.99 # door',
      ],
    ],
    [
      'a01',
      { serial: '0042', asset: '77' },
      [
        '- a01 mac=00:1a:2b:3c:4d:5e  ip=10.1.1.21 # door',
        `+ a01 mac=00:1a:2b:3c:4d:5e  ip=10.1.1.21 serial=0042 asset='"77"' # door`,
      ],
    ],
    [
      'a01',
      { mac: null },
      ['- a01 mac=00:1a:2b:3c:4d:5e  ip=10.1.1.21 # door', '+ a01  ip=10.1.1.21 # door'],
    ],
    [
      'a02',
      { model: "Lenovo 'M' #1" },
      [
        `- a02\tmodel="OptiPlex 7010" serial='"0042"'\r`,
        `+ a02\tmodel='Lenovo '"'"'M'"'"' #1' serial='"0042"'\r`,
      ],
    ],
    [
      'a02',
      { serial: '77' },
      [
        `- a02\tmodel="OptiPlex 7010" serial='"0042"'\r`,
        `+ a02\tmodel="OptiPlex 7010" serial='"77"'\r`,
      ],
    ],
  ])('%s %j', (host, changes, expected) => {
    expect(diff(hosts, edit(iniFile(hosts), host, changes))).toEqual(expected);
  });

  test.each<[string, Record<string, string>, string]>([
    ['a04', { ip: '10.1.1.4' }, 'refused: a04 is written as part of a[03:09]'],
    ['a01', { 'owner.name': 'x' }, 'refused: owner.name: an INI inventory has no good way'],
    ['b01', { ip: '10.1.1.4' }, 'input: hosts has no host b01'],
  ])('%s %j is refused', (host, changes, message) => {
    expect(refusal(iniFile(hosts), host, changes)).toContain(message);
  });
});

describe('selectEdits', () => {
  const source = yamlFile(school);
  const text = 'ip: 10.1.1.22\n';
  const own: InventoryFile = {
    ...yamlFile(text, { kind: 'host_vars', name: 'a02' }),
    path: 'host_vars/a02.yaml',
    root: parseYaml(text, 'host_vars/a02.yaml').root as NonNullable<InventoryFile['root']>,
  };
  const raw = mergeInventory([source, own]);

  test('a variable is changed where it was set, a new one where the host is written', () => {
    expect(
      selectEdits(
        raw,
        'a02',
        new Map([
          ['ip', '10.1.1.9'],
          ['seat', '2'],
        ]),
      ),
    ).toEqual(
      new Map([
        ['host_vars/a02.yaml', new Map([['ip', '10.1.1.9']])],
        ['school.yaml', new Map([['seat', '2']])],
      ]),
    );
  });

  test('fields of its own would hide those of its group, so all of them must be named', () => {
    const text = 'all:\n  vars: { owner: { name: 王芳, id: "1" } }\n  hosts:\n    a01:\n';
    const owned = mergeInventory([yamlFile(text)]);
    expect(() => selectEdits(owned, 'a01', new Map([['owner.phone', '5']]))).toThrow(
      'it would lose name, id',
    );
    const whole = new Map([
      ['owner.name', '李雷'],
      ['owner.id', '2'],
    ]);
    expect(selectEdits(owned, 'a01', whole)).toEqual(new Map([['school.yaml', whole]]));
  });

  test('a host with the name of a group is refused: Ansible mixes the two', () => {
    const twins = mergeInventory([yamlFile('all: {hosts: {web: }, children: {web: }}\n')]);
    expect(() => selectEdits(twins, 'web', new Map([['seat', '1']]))).toThrow('also a group');
  });

  test('what a host has from its group cannot be taken from the host alone', () => {
    expect(() => selectEdits(raw, 'a02', new Map([['room', null]]))).toThrow(
      'from the group lab_a',
    );
    expect(() => selectEdits(raw, 'zz', new Map())).toThrow('there is no host zz');
  });
});

describe('in every inventory of the corpus', async () => {
  const corpus = new URL('../fixtures/inventories/', import.meta.url).pathname;
  const inventories = await readdir(corpus);
  const values = ['0123', 'No. 7: "a" \'b\' #c', '王芳'];

  /** What each host ends up with, all files together. */
  function effectiveOf(files: readonly InventoryFile[]): Map<string, Record<string, Value>> {
    const values = new Map<string, Record<string, Value>>();
    for (const [name, { effective, groups }] of mergeInventory(files).hosts)
      values.set(name, {
        ...Object.fromEntries([...effective].map(([key, { value }]) => [key, value])),
        ' groups': groups,
      });
    return values;
  }

  function parsed(file: InventoryFile, text: string): InventoryFile {
    const { root } = parseYaml(text, file.path);
    const isIni = file.role.kind === 'source' && file.role.format === 'ini';
    const { root: _, ...rest } = file;
    return { ...rest, text, ...(root && !isIni ? { root } : {}) };
  }

  /** Makes one change in whichever file it belongs into; undefined when it was refused with a reason. */
  function change(files: readonly InventoryFile[], host: string, key: string, value: string) {
    try {
      const edits = selectEdits(mergeInventory(files), host, new Map([[key, value]]));
      return files.map((file) => {
        const changes = edits.get(file.path);
        return changes ? parsed(file, planEdit(file, host, changes, parseYaml).text) : file;
      });
    } catch (error) {
      if (error instanceof LabError && error.hint !== '') return undefined;
      throw error;
    }
  }

  test.each(inventories)('%s: the host gets the value, and nothing else changes', async (name) => {
    const { files } = await loadInventoryFiles([`${corpus}${name}`]);
    const before = effectiveOf(files);
    const wanted = [...before].flatMap(([host, own]) =>
      [...Object.keys(own).filter((word) => /^\w+$/.test(word)), 'serial', 'site_note'].flatMap(
        (key) => values.map((value) => ({ host, own, key, value })),
      ),
    );
    let made = 0;
    for (const { host, own, key, value } of wanted) {
      const after = change(files, host, key, value);
      if (!after) continue;
      made += 1;
      expect(effectiveOf(after)).toEqual(new Map(before).set(host, { ...own, [key]: value }));
      const touched = after.filter((file, index) => file.text !== files[index]?.text);
      expect(touched.length).toBeLessThanOrEqual(1);
    }
    // There, a whole group with all its hosts stands in two places through an anchor.
    expect(made > 0).toBe(before.size > 0 && name !== 'yaml-anchors');
  });
});

describe('properties', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.string({
      unit: fc.constantFrom(...`0123456789abcdefx:.-_ "'#{}[],&*!|>%@\`=~?/\\王yn`),
      maxLength: 14,
    }),
    fc.constantFrom(
      'no',
      'Yes',
      'null',
      '~',
      '',
      ' ',
      '0123',
      '1e3',
      '.inf',
      '12:34:56',
      '2026-01-01',
      '<<',
      '=',
      '0x1f',
      '-',
      '- a',
      'a: b',
      'a #b',
      "it's",
      '"',
      '\n',
      'a\nb\n',
      '1_000',
      'True',
    ),
  );
  const keys = fc.constantFrom(
    'serial',
    'model',
    'profile',
    'owner.department',
    'owner.id',
    'site_note',
  );
  const hosts = fc.constantFrom('a01', 'a02', 'a03', 'a04', 'a05', 'a10');
  const printableText = texts.filter(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these no YAML text can hold
    (text) => !/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]|\p{Cs}/u.test(text),
  );

  /** Every value of every host as YAML 1.1 (Ansible) has it, changed by hand. */
  function valuesOf(text: string): Map<string, Value> {
    const found = new Map<string, Value>();
    for (const [host, { assignments }] of mergeInventory([yamlFile(text)]).hosts)
      for (const { variable, value } of assignments) found.set(`${host} ${variable}`, value);
    return found;
  }

  test('exactly the wanted value differs, for every reader, and only its lines do', () => {
    const before = valuesOf(school);
    fc.assert(
      fc.property(hosts, keys, printableText, (host, key, value) => {
        const text = edit(yamlFile(school), host, { [key]: value });
        const [variable = '', field] = key.split('.');
        const after = valuesOf(text);
        const own = after.get(`${host} ${variable}`) as Record<string, Value>;
        expect(field === undefined ? own : own[field]).toBe(value);
        for (const [place, kept] of before)
          if (place !== `${host} ${variable}`) expect(after.get(place)).toEqual(kept);
        expect(after.size - before.size).toBe(before.has(`${host} ${variable}`) ? 0 : 1);
        const other = parseDocument(text, { version: '1.2' }).getIn([
          'all',
          'children',
          'lab_a',
          'hosts',
          host,
          ...key.split('.'),
        ]);
        expect(other).toBe(value);
        expect(diff(school, text).filter((line) => line.startsWith('-')).length).toBeLessThan(2);
        expect(diff(school, text).filter((line) => line.startsWith('+')).length).toBeLessThan(4);
      }),
      { numRuns: 1000 },
    );
  });

  test('what was added and taken away again leaves the file as it was', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('a01', 'a03', 'a10'),
        fc.constantFrom('model', 'asset', 'site_note'),
        printableText,
        (host, key, value) => {
          const added = edit(yamlFile(school), host, { [key]: value });
          expect(edit(yamlFile(added), host, { [key]: null })).toBe(school);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('an INI line gives exactly the text back', () => {
    const hosts = '[lab]\na01 x=1 # comment\na02\n';
    fc.assert(
      fc.property(
        fc.constantFrom('a01', 'a02'),
        fc.constantFrom('x', 'model'),
        printableText.filter((text) => !/[\n\r\u0085\u2028\u2029]/.test(text)),
        (host, key, value) => {
          const text = edit(iniFile(hosts), host, { [key]: value });
          const merged = mergeInventory([iniFile(text)]);
          expect(merged.hosts.get(host)?.effective.get(key)?.value).toBe(value);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
