import { describe, expect, test } from 'vitest';
import type { Group, Host, Inventory, Room } from '../../src/model/host.ts';
import type { Position } from '../../src/model/problem.ts';
import type { Vars } from '../../src/model/value.ts';
import { reportHost, reportInventoryList } from '../../src/report/inventory-report.ts';
import { reportInventoryTree } from '../../src/report/inventory-tree.ts';

const at = '2026-09-01T00:30:00.000Z';
const place: Position = { file: 'school.yaml', line: 14, column: 10 };
const room = (name: string, title = ''): Room => ({
  name,
  title,
  kind: '',
  maintainer: '',
  subnet: '',
  gateway: '',
  vlan: '',
  columns: 0,
  lessons: null,
  at: place,
});

function makeHost(name: string, more: Partial<Host> = {}, vars: Vars = {}): Host {
  return {
    name,
    groups: [],
    seat: '',
    mac: '',
    macs: [],
    ip: '',
    owner: { name: '', id: '', department: '', phone: '' },
    asset: '',
    serial: '',
    uuid: '',
    model: '',
    class: '',
    ownership: 'school',
    status: 'active',
    switchPort: '',
    vlan: '',
    profile: '',
    protected: false,
    power: null,
    vars,
    connection: {
      kind: 'ssh',
      address: name,
      sshArgs: '',
      shellType: 'sh',
      become: false,
      becomeUser: 'root',
      becomeMethod: 'sudo',
      becomeFlags: '',
    },
    at: place,
    originOf: (variable) => (Object.hasOwn(vars, variable) ? place : undefined),
    ...more,
  };
}

describe('the list', () => {
  const owner = { name: '王小明', id: '0123', department: '教务处', phone: '0532' };
  const hosts = [
    makeHost('srv1'),
    makeHost('a10', {
      room: room('lab_a'),
      seat: 'A10',
      mac: '52:54:00:00:00:0a',
      macs: [{ addr: '52:54:00:00:00:0a', role: 'wired', primary: true }],
      owner,
      status: 'broken',
    }),
    makeHost(
      'a2',
      { room: room('lab_a'), seat: 'A2', ip: '10.1.1.2' },
      {
        ansible_password: 'geheim',
        wifi: { psk: 'x', ssid: 's' },
        note: '$ANSIBLE_VAULT;1.1;AES256\n6162',
      },
    ),
  ];
  const report = reportInventoryList(hosts, at, 'en');

  test('is in seat order, and shows no column that nobody filled in and no status that is as usual', () => {
    expect(report.tables[0]?.columns.map(({ title }) => title)).toEqual([
      'room',
      'seat',
      'name',
      'MAC',
      'IP',
      'owner',
      'status',
    ]);
    expect(report.tables[0]?.rows).toEqual([
      ['lab_a', 'A2', 'a2', '', '10.1.1.2', '', ''],
      ['lab_a', 'A10', 'a10', '52:54:00:00:00:0a', '', '王小明', 'broken'],
      ['', '', 'srv1', '', '', '', ''],
    ]);
    expect(report.tables[0]?.notes).toEqual(['3 hosts']);
    expect(reportInventoryList([], at, 'en').tables[0]?.notes).toEqual(['No hosts.']);
  });

  test('has the fields scripts rely on, and keeps a staff number as it was typed', () => {
    const [, second] = report.document['hosts'] as readonly { [key: string]: unknown }[];
    expect(report.schema).toBe('lab.inventory/1');
    expect(second).toMatchObject({
      name: 'a10',
      room: 'lab_a',
      seat: 'A10',
      groups: [],
      mac: '52:54:00:00:00:0a',
      macs: [{ addr: '52:54:00:00:00:0a', role: 'wired', primary: true }],
      ip: '',
      address: 'a10',
      owner: { name: '王小明', id: '0123', department: '教务处' },
      class: '',
      status: 'broken',
      profile: '',
      vars: {},
    });
    expect(report.records.rows[1]).toMatchObject({ ownerId: '0123' });
  });

  test('shows no secret, at any depth', () => {
    const [first] = report.document['hosts'] as readonly { vars: unknown }[];
    expect(first?.vars).toEqual({
      ansible_password: '***',
      wifi: { psk: '***', ssid: 's' },
      note: '***',
    });
  });

  test('speaks Chinese', () => {
    expect(
      reportInventoryList(hosts, at, 'zh-CN').tables[0]?.columns.map(({ title }) => title),
    ).toEqual(['机房', '座位', '名称', 'MAC', 'IP', '责任人', '状态']);
  });
});

describe('one host', () => {
  const host = makeHost(
    'a07',
    {},
    {
      zeta: 1,
      ansible_user: 'lab',
      mac: '52:54:00:00:00:07',
      seat: '07',
      owner: { name: '王', id: '0123' },
      lessons: ['mon', 'wed'],
      ansible_become_password: 'x',
    },
  );

  test('shows every effective value with its origin, Labkit fields first, and marks what nobody wrote', () => {
    expect(reportHost(host, at, 'en').tables[0]?.rows).toEqual([
      ['seat', '07', 'school.yaml:14'],
      ['mac', '52:54:00:00:00:07', 'school.yaml:14'],
      ['owner', 'name: 王\nid: 0123', 'school.yaml:14'],
      ['ownership', 'school', '(default)'],
      ['status', 'active', '(default)'],
      ['protected', 'false', '(default)'],
      ['ansible_become_password', '***', 'school.yaml:14'],
      ['ansible_user', 'lab', 'school.yaml:14'],
      ['lessons', 'mon, wed', 'school.yaml:14'],
      ['zeta', '1', 'school.yaml:14'],
    ]);
  });

  test('gives scripts the place of each value', () => {
    const { document, schema } = reportHost(host, at, 'en');
    expect(schema).toBe('lab.host/1');
    expect((document['values'] as readonly unknown[])[0]).toEqual({
      name: 'seat',
      value: '07',
      file: 'school.yaml',
      line: 14,
      column: 10,
    });
    expect((document['values'] as readonly unknown[])[3]).toEqual({
      name: 'ownership',
      value: 'school',
      file: '',
      line: null,
      column: null,
    });
  });
});

describe('the tree', () => {
  const group = (
    name: string,
    children: readonly string[],
    hosts: readonly string[],
    more: Partial<Group> = {},
  ): Group => ({ name, children, hosts, vars: {}, ...more });
  const hosts = ['a01', 'a02', 'b01', 'srv'].map((name) => makeHost(name));
  const inventory: Inventory = {
    hosts,
    groups: [
      group('all', ['labs', 'linux', 'ungrouped'], []),
      group('labs', ['lab_a', 'lab_b'], []),
      group('lab_a', [], ['a01', 'a02'], { room: room('lab_a', '计算机室一') }),
      group('lab_b', [], ['b01'], { room: room('lab_b') }),
      group('linux', ['lab_b'], ['a01']),
      group('ungrouped', [], ['srv']),
    ],
    rooms: [],
    files: [],
  };

  test('shows rooms and groups with their hosts folded', () => {
    expect(reportInventoryTree(inventory, hosts, at, 'en').tables[0]?.rows).toEqual([
      ['all', '4', '', ''],
      ['├─ labs', '3', '', ''],
      ['│  ├─ lab_a', '2', '计算机室一', 'a[01-02]'],
      ['│  └─ lab_b', '1', 'lab_b', 'b01'],
      ['├─ linux', '2', '', 'a01'],
      ['│  └─ lab_b', '1', 'lab_b', 'b01'],
      ['└─ ungrouped', '1', '', 'srv'],
    ]);
  });

  test('shows only groups of the hosts asked for, and survives a circle', () => {
    const circle: Inventory = {
      ...inventory,
      groups: [group('all', ['x'], []), group('x', ['y'], []), group('y', ['x'], ['a01'])],
    };
    expect(
      reportInventoryTree(inventory, hosts.slice(3), at, 'en').tables[0]?.rows.map(
        ([name]) => name,
      ),
    ).toEqual(['all', '└─ ungrouped']);
    expect(
      reportInventoryTree(circle, hosts, at, 'en').tables[0]?.rows.map(([name]) => name),
    ).toEqual(['all', '└─ x', '   └─ y']);
    expect(reportInventoryTree(inventory, [], at, 'en').tables[0]?.notes).toEqual(['No hosts.']);
  });
});
