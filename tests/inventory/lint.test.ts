import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lintInventory, lintRules } from '../../src/inventory/lint.ts';
import { mergeInventory } from '../../src/inventory/merge.ts';
import type { InventoryFile } from '../../src/inventory/raw.ts';
import { resolveInventory } from '../../src/inventory/resolve.ts';
import { printable } from '../../src/model/display.ts';
import {
  type Located,
  type LocatedScalar,
  makeSource,
  type SourceText,
} from '../../src/model/located.ts';
import type { Problem } from '../../src/model/problem.ts';
import { loadInventoryFiles } from '../../src/store/inventory-files.ts';
import { parseYaml } from '../../src/store/yaml.ts';

const folder = new URL('../fixtures/broken-inventories/', import.meta.url).pathname;
const fixtures = await readdir(folder);

/** All that `lab inventory validate` would say of some files. */
function judge(files: readonly InventoryFile[], problems: readonly Problem[] = []): Problem[] {
  const raw = mergeInventory(files);
  const resolved = resolveInventory(raw);
  const found = lintInventory(raw, resolved.inventory);
  return [...problems, ...raw.problems, ...resolved.problems, ...found];
}

async function judgeFolder(path: string): Promise<Problem[]> {
  const { files, problems } = await loadInventoryFiles([path]);
  return judge(files, problems);
}

/** The same for one YAML text. */
function judgeText(text: string): Problem[] {
  const { root, problems } = parseYaml(text, 'school.yaml');
  const role = { kind: 'source', format: 'yaml' } as const;
  return judge([{ path: 'school.yaml', role, text, ...(root ? { root } : {}) }], problems);
}

function shown({ line, column, rule, message }: Problem): string {
  return `${line}:${column} ${rule}: ${message}`;
}

describe('the corpus of broken inventories', () => {
  test('has a folder for every rule of the lint', () => {
    const missing = lintRules.filter(({ name }) => !fixtures.includes(name));
    expect(missing.map(({ name }) => name)).toEqual([]);
    expect(lintRules.length).toBeGreaterThanOrEqual(34);
  });

  test.each(fixtures)(
    '%s is told exactly once, at its place, and nothing else is',
    async (rule) => {
      const expected: Problem[] = JSON.parse(
        await readFile(`${folder}${rule}/expected.json`, 'utf8'),
      );
      const found = await judgeFolder(`${folder}${rule}/inventory`);
      const places = found.map(({ file, line, column, severity, rule: name }) => ({
        file: file.slice(`${folder}${rule}/`.length),
        ...{ line, column, severity, rule: name },
      }));
      expect(places).toEqual(expected);
      expect(places.map(({ rule: name }) => name)).toEqual([rule]);
      for (const { message, hint } of found) {
        expect(message).toMatch(/\S/);
        expect(hint).toMatch(/\S/);
      }
    },
  );

  test('no password is ever repeated', async () => {
    const found = await judgeFolder(`${folder}plain-password/inventory`);
    expect(JSON.stringify(found)).not.toContain('secret-of-the-fixture');
  });
});

describe('every rule', () => {
  test('has a name of its own and a summary that is a sentence', () => {
    const names = lintRules.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, summary } of lintRules) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(summary).toMatch(/^\S.*\.$/);
    }
  });
});

const clean = `
all:
  children:
    lab_a:
      vars:
        room: { title: 机房 A, maintainer: 王芳, subnet: 10.1.1.0/24, gateway: 10.1.1.254, columns: 8, vlan: 110 }
        owner: { name: 王芳, id: "0123", phone: "8231" }
        class: student
      hosts:
        a01: { mac: "00:1a:2b:00:00:01", ip: 10.1.1.1, seat: "01", serial: PF0X1, switch_port: sw-a 1 }
        a02: { mac: "52:54:00:00:00:02", ip: 10.1.1.2, seat: "02", serial: PF0X2, switch_port: sw-a 2 }
        a03:
          mac:
            - { addr: "00:1a:2b:00:00:03", role: wired, primary: true }
            - { addr: "00:1a:2b:00:00:33", role: wired }
            - { addr: "00:1a:2b:00:00:99", role: dock }
          ip: 10.1.1.3
          seat: "03"
        a04:
          mac:
            - { addr: "00:1a:2b:00:00:04", role: wifi }
            - { addr: "00:1a:2b:00:00:99", role: dock }
          ip: 10.1.1.4
          seat: "04"
          vault_password_file: /etc/lab/vault
          ansible_become_password: "{{ vault_become }}"
        teacher: { mac: "00:1a:2b:00:00:05", ip: 10.1.9.5, vlan: 109, class: teacher }
        old: { mac: "00:1a:2b:00:00:06", status: retired, seat: "01" }
        shelf: { status: spare, serial: PF0X7 }
    classrooms:
      children:
        c101:
          vars: { room: { title: "101", maintainer: 李雷, subnet: 10.2.0.0/24 }, owner: { name: 李雷, id: "9" } }
          hosts: { c101pc: { mac: "00:1a:2b:00:01:01", ip: 10.2.0.1 } }
        c102:
          vars: { room: { title: "102", maintainer: 李雷, subnet: 10.2.0.0/24 }, owner: { name: 李雷, id: "9" } }
          hosts: { c102pc.school.example: { mac: "00:1a:2b:00:01:02", ip: 10.2.0.2, mode: fast } }
    ungrouped:
      hosts:
        localhost: { ansible_connection: local }
`;

describe('a clean inventory', () => {
  test('gives no problem at all', () => {
    expect(judgeText(clean).map(shown)).toEqual([]);
  });

  test('gives none with 10,000 hosts either', () => {
    expect(judgeText(schoolOf(10_000)).map(shown)).toEqual([]);
  });
});

/** A school of so many PCs in rooms of 64. */
function schoolOf(count: number): string {
  const lines = ['all:', '  children:'];
  for (let number = 0; number < count; number += 1) {
    const room = Math.floor(number / 64);
    const seat = (number % 64) + 1;
    const net = `10.${100 + (room >> 8)}.${room & 255}`;
    if (seat === 1)
      lines.push(
        ...[`    room${room}:`, '      vars:'],
        `        room: {title: Room ${room}, maintainer: 王芳, subnet: ${net}.0/24, gateway: ${net}.254, columns: 8}`,
        ...['        owner: {name: 王芳, id: "0123"}', '      hosts:'],
      );
    const mac = `00:1a:${[number >> 16, (number >> 8) & 255, number & 255, 7].map(hex).join(':')}`;
    lines.push(
      `        r${room}s${seat}:`,
      `          mac: "${mac}"`,
      `          ip: ${net}.${seat}`,
      `          seat: "${seat}"`,
      `          serial: "SN${number}"`,
      `          asset: "2026-${number}"`,
      `          switch_port: sw${room} ${seat}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

describe('details of the rules', () => {
  const room = 'room: {maintainer: x}, owner: {name: x, id: "1"}';
  const rules = (text: string) => judgeText(text).map(({ rule }) => rule);
  const inRoom = (hosts: string) =>
    `all: {children: {lab: {vars: {${room}}, hosts: {${hosts}}}}}\n`;

  test('hosts of a range are told together', () => {
    const found = judgeText(`all: {children: {lab: {vars: {${room}}, hosts: {"pc[01:24]": }}}}\n`);
    expect(found.map(({ message }) => message)).toEqual([
      'pc[01-24]: no IP address',
      'pc[01-24]: no MAC address',
    ]);
  });

  test('of two places the later one in the file is told, whatever order Ansible has', () => {
    const found = judgeText(
      `all:\n  children:\n    lab:\n      vars: {${room}}\n      children:\n        deep:\n          hosts:\n            b: {mac: "00:1a:2b:00:00:01", ip: 10.0.0.1}\n      hosts:\n        a: {mac: "00:1a:2b:00:00:02", ip: 10.0.0.1}\n`,
    );
    expect(found.map(shown)).toEqual([
      '10:43 duplicate-ip: a: the IP address 10.0.0.1 belongs to b (school.yaml:8:47)',
    ]);
  });

  test('a MAC written twice for one host is found at the second place', () => {
    const found = judgeText(
      inRoom(
        'a: {mac: [{addr: "00:1a:2b:00:00:01", primary: true}, 001a-2b00-0001], ip: 10.0.0.1}',
      ),
    );
    expect(found.map(({ rule, column }) => [rule, column])).toEqual([['duplicate-mac', 144]]);
  });

  test.each([
    ['password: geheim', ['plain-password']],
    ['wifi: {psk: geheim}', ['plain-password']],
    ['users: [{name: x, api_key: geheim}]', ['plain-password']],
    ['ansible_ssh_pass: 12345', ['plain-password']],
    ['admin_password: "{{ \'geheim\' }}"', ['plain-password']],
    ['password_min_length: 8', []],
    ['password: ""', []],
    ['password_login: false', []],
    ['token_url: http://x', []],
    ["ansible_password: \"{{ lookup('file', '/root/pw') }}\"", []],
    ['compass: north', []],
    ['bypass: x', []],
  ])('%s', (variable, expected) => {
    expect(rules(inRoom(`a: {mac: "00:1a:2b:00:00:01", ip: 10.0.0.1, ${variable}}`))).toEqual(
      expected,
    );
  });

  test.each([
    ['Mac', 'mac'],
    ['mac_address', 'mac'],
    ['ip_addr', 'ip'],
    ['onwer', 'owner'],
    ['switch-port', 'switch_port'],
    ['ansible_hots', 'ansible_host'],
    ['asset_tag', 'asset'],
  ])('%s: did you mean %s?', (typed, meant) => {
    const found = judgeText(inRoom(`a: {mac: "00:1a:2b:00:00:01", ip: 10.0.0.1, ${typed}: x}`));
    expect(found.map(({ hint }) => hint)).toEqual([`did you mean ${meant}?`]);
  });

  test.each(['mode', 'ansible_ssh_timeout', 'state', 'http_port', 'user', 'id', 'zone'])(
    'the everyday variable %s is left alone',
    (name) => {
      expect(rules(inRoom(`a: {mac: "00:1a:2b:00:00:01", ip: 10.0.0.1, ${name}: x}`))).toEqual([]);
    },
  );

  test.each([
    ['14345678e901', 'unquoted-mac'],
    ['001122334455', 'unquoted-mac'],
    ['52:54:00:44:49:56', 'unquoted-mac'],
    ['00E0FC123456', undefined],
    ['00:1a:2b:00:00:01', undefined],
    ['"001122334455"', undefined],
  ])('the MAC %s without more: %s', (mac, rule) => {
    expect(rules(inRoom(`a: {mac: ${mac}, ip: 10.0.0.1}`))).toEqual(rule ? [rule] : []);
  });

  test('any text as host name, owner or MAC gives problems with a place and a hint', () => {
    const odd = fc.string({ unit: 'grapheme-composite', minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(odd, odd, odd, (name, owner, mac) => {
        const text = JSON.stringify({
          all: { hosts: { [`x${name}`]: { mac, owner: { name: owner, id: '1' } } } },
        });
        const found = judgeText(text);
        expect(found.length).toBeGreaterThan(0);
        for (const { line, column, hint } of found)
          expect([line >= 1, column >= 1, hint !== '']).toEqual([true, true, true]);
      }),
      { numRuns: 2000 },
    );
  });
});

/** A scalar in quotes, as the parser gives it. */
function quoted(source: SourceText, text: string): LocatedScalar {
  return { kind: 'scalar', text, plain: false, source, start: 0, end: 0 };
}

function mapping(source: SourceText, entries: Iterable<readonly [string, Located]>): Located {
  const located = [...entries].map(([key, value]) => ({ key: quoted(source, key), value }));
  return { kind: 'map', entries: located, source, start: 0, end: 0 };
}

test('100,000 random texts as host name, owner, seat and MAC: no crash, and nothing that a terminal would obey', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 24 });
  const odd = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 24 }),
    bytes.map((some) => Buffer.from(some).toString('utf8')),
    bytes.map((some) => Buffer.from(some).toString('latin1')),
  );
  const texts = fc.sample(odd, 100_000);
  const source = makeSource('school.yaml', '');
  const hosts = texts.map((text, index) => {
    const value = quoted(source, text);
    const owner = mapping(source, [['name', value]]);
    const vars = mapping(source, [
      ['owner', owner],
      ['mac', value],
      ['seat', value],
      ['ip', value],
    ]);
    return [`${index}${text}`, vars] as const;
  });
  const root = mapping(source, [['all', mapping(source, [['hosts', mapping(source, hosts)]])]]);
  const role = { kind: 'source', format: 'yaml' } as const;
  const found = judge([{ path: 'school.yaml', role, text: '', root }]);
  expect(found.length).toBeGreaterThan(0);
  const shownLines = found
    .flatMap(({ path, message, hint }) => [path, message, hint])
    .map(printable);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  const obeyed = /[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;
  expect(shownLines.filter((line) => obeyed.test(line))).toEqual([]);
});

const tool = ['/usr/bin/ansible-inventory', '/usr/local/bin/ansible-inventory'].find(existsSync);
const skipped = tool ? '' : ' (SKIPPED: ansible-inventory is not installed)';

describe(`what ansible-inventory takes without a word, and Labkit does not${skipped}`, () => {
  test
    .skipIf(!tool)
    .each([
      'duplicate-mac',
      'duplicate-ip',
      'duplicate-serial',
      'ip-outside-subnet',
      'bad-mac',
      'bad-ip',
      'no-owner',
      'plain-password',
    ])('%s', async (rule) => {
    const path = `${folder}${rule}/inventory`;
    const theirs = await promisify(execFile)(tool ?? '', ['-i', path, '--list'], {
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', ANSIBLE_LOCALHOST_WARNING: 'false' },
    });
    expect(theirs.stderr).toBe('');
    expect(JSON.parse(theirs.stdout)).toHaveProperty('_meta.hostvars.a01');
    expect((await judgeFolder(path)).map((problem) => [problem.severity, problem.rule])).toEqual([
      ['error', rule],
    ]);
  });

  test.skipIf(!tool)('a MAC in quotes that are missing becomes another number', async () => {
    const path = `${folder}unquoted-mac/inventory`;
    const { stdout } = await promisify(execFile)(tool ?? '', ['-i', path, '--host', 'a02'], {
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
    });
    expect(JSON.parse(stdout)).toMatchObject({ mac: 8041827006 });
    expect((await judgeFolder(path)).map(({ message }) => message)).toEqual([
      '10:20:30:40:50:06 without quotes is 8041827006 to Ansible or other YAML tools',
    ]);
  });
});
