import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planImport } from '../../src/inventory/plan-import.ts';
import { type ImportField, type ImportRow, importFields } from '../../src/model/import.ts';
import { parseYaml } from '../../src/store/yaml.ts';
import { makeFile, resolveTexts } from './load-raw.ts';

const school = `all:
  children:
    lab_a:
      vars:
        room: {title: 计算机室一, subnet: 10.1.1.0/24, gateway: 10.1.1.254}
        owner: {name: 张伟, id: "0117", phone: "1380"}
        class: student
      hosts:
        a01: {mac: "00:e0:4c:00:00:01", ip: 10.1.1.1, seat: "01", serial: PF1}
        a02:
          mac: "00:e0:4c:00:00:02"
          ip: 10.1.1.2
          seat: "02"
          owner: {name: 王芳, id: "0300", department: 数学组}
        a03: {mac: [{addr: "00:e0:4c:00:00:03"}, {addr: "00:e0:4c:00:00:13", role: wifi}], ip: 10.1.1.3, seat: "03"}
        pc[1:3]: {owner: {name: 李娜, id: "1"}}
    lab_b:
      vars: {room: {title: 计算机室二}, owner: {name: 李娜, id: "1"}}
`;

type Fields = { readonly [F in ImportField]?: string };

function rowOf(fields: Fields, row: number): ImportRow {
  const cells = importFields.flatMap((field, column) => {
    const text = fields[field];
    return text === undefined
      ? []
      : [[field, { text, cell: `${String.fromCharCode(65 + column)}${row}`, note: '' }]];
  });
  return { file: 'x.csv', row, fields: Object.fromEntries(cells) };
}

function plan(rows: readonly Fields[], room?: string, text = school) {
  const { raw, inventory } = resolveTexts(makeFile(text));
  const target = { raw, inventory, ...(room === undefined ? {} : { room }) };
  return planImport(
    rows.map((fields, index) => rowOf(fields, index + 2)),
    target,
    parseYaml,
  );
}

/** What became of one row, beside so many others as are needed. */
function fate(fields: Fields, room?: string) {
  const [row] = plan([fields], room).rows;
  return row?.refused
    ? `${row.refused.cell}: ${row.refused.reason}`
    : { action: row?.action, changes: row?.changes.map(({ key, after }) => `${key}=${after}`) };
}

describe('which host a row is about', () => {
  it('goes by the name in whatever capitals, else by a MAC address, else by the serial number', () => {
    const same = { action: 'change', changes: ['model=X1'] };
    expect(fate({ name: 'A01', model: 'X1' })).toEqual(same);
    expect(fate({ mac: '00-E0-4C-00-00-13', model: 'X1' })).toEqual(same);
    expect(fate({ serial: 'pf1', model: 'X1' })).toEqual(same);
    expect(fate({ mac: '00:e0:4c:00:00:99', model: 'X1' })).toMatch(
      /D2: no host has this MAC address/,
    );
  });

  it('a new one goes into the room of the row, of whatever spelling, or of all rows', () => {
    const added = { action: 'add', changes: ['mac=00:e0:4c:00:00:09', 'ip=10.2.1.9'] };
    const addresses = { mac: '00:e0:4c:00:00:09', ip: '10.2.1.9' };
    for (const room of ['计算机室二', 'lab_b', ' LAB_B', 'ｌａｂ_b'])
      expect(fate({ name: 'b01', room, ...addresses })).toEqual(added);
    expect(fate({ name: 'b01', ...addresses }, 'lab_b')).toEqual(added);
    expect(fate({ name: 'b01', mac: '00:e0:4c:00:00:09' })).toMatch(/a new host needs a room/);
    expect(fate({ name: 'b01', room: '三楼', mac: '00:e0:4c:00:00:09' })).toMatch(
      /B2: there is no room "三楼"/,
    );
    expect(fate({ name: 'a01', room: 'lab_b' })).toMatch(/a01 is in lab_a, not in lab_b/);
  });
});

describe('what is refused', () => {
  it.each<[Fields, string]>([
    [
      { name: 'a01', mac: '00:e0:4c:00:00:02' },
      'D2: the MAC address 00:e0:4c:00:00:02 belongs to a02 (王芳, seat 02 of lab_a)',
    ],
    [{ name: 'a01', ip: '10.1.1.2' }, 'E2: the IP address 10.1.1.2 belongs to a02'],
    [{ name: 'a01', seat: '2' }, 'C2: seat 2 of lab_a belongs to a02'],
    [{ name: 'a02', serial: 'pf1' }, 'K2: the serial number pf1 belongs to a01 (张伟'],
    [
      { name: 'n1', room: 'lab_a', mac: '00:e0:4c:00:00:01' },
      'D2: the MAC address 00:e0:4c:00:00:01 belongs to a01',
    ],
    [{ name: 'a01', mac: '01:00:5e:00:00:01' }, 'multicast'],
    [{ name: 'a01', ip: '10.1.1.999' }, 'E2: "10.1.1.999" is not an IP address'],
    [{ name: 'a01', ip: '10.9.1.1' }, 'E2: 10.9.1.1 is outside 10.1.1.0/24'],
    [{ name: 'a01', ip: '10.1.1.254' }, 'E2: '],
    [{ name: 'a01', vlan: '5000' }, 'Q2: "5000" is not a VLAN number'],
    [{ name: 'n_1', room: 'lab_a', seat: '9' }, 'A2: the name "n_1" has "_"'],
    [{ name: 'n1', room: 'lab_a' }, 'says nothing but a name'],
    [{ name: 'pc2', seat: '9' }, 'A2: pc2 is written as part of pc[1:3]'],
    [
      { name: 'a03', mac: '00:e0:4c:00:00:03\n00:e0:4c:00:00:77' },
      'D2: a03 has a list of MAC addresses',
    ],
  ])('%o', (fields, reason) => {
    expect(fate(fields)).toContain(reason);
  });

  it('the later of two rows that want one thing, naming the earlier', () => {
    const { rows } = plan([
      { name: 'n1', room: 'lab_b', mac: '00:e0:4c:00:00:51', ip: '10.2.1.1' },
      { name: 'n2', room: 'lab_b', mac: '00:e0:4c:00:00:52', ip: '10.2.1.1' },
      { name: 'N1', room: 'lab_b', mac: '00:e0:4c:00:00:53' },
    ]);
    expect(rows.map(({ refused }) => refused?.reason)).toEqual([
      undefined,
      'the IP address 10.2.1.1 is wanted twice: row 2 gives it to n1',
      'row 2 is about N1, too',
    ]);
  });

  it('a row that relied on one which is refused', () => {
    const { rows } = plan([
      { name: 'a01', ip: '10.1.1.2' },
      { name: 'a02', ip: '10.1.1.3' },
    ]);
    expect(rows.map(({ refused }) => refused?.reason)).toEqual([
      expect.stringContaining('10.1.1.2 belongs to a02'),
      expect.stringContaining('10.1.1.3 belongs to a03'),
    ]);
  });
});

describe('what is written', () => {
  it('two hosts may change places', () => {
    const { rows, files } = plan([
      { name: 'a01', ip: '10.1.1.2', seat: '02' },
      { name: 'a02', ip: '10.1.1.1', seat: '01' },
    ]);
    expect(rows.map(({ action }) => action)).toEqual(['change', 'change']);
    const { hosts } = resolveTexts(makeFile(files[0]?.after ?? '')).inventory;
    expect(hosts.slice(0, 2).map(({ name, ip, seat }) => [name, ip, seat])).toEqual([
      ['a01', '10.1.1.2', '02'],
      ['a02', '10.1.1.1', '01'],
    ]);
  });

  it('another person keeps nothing of the one before', () => {
    const { rows, files } = plan([
      { name: 'a02', 'owner.name': '陈静' },
      { name: 'a01', 'owner.name': '陈静', 'owner.id': '0400' },
    ]);
    expect(rows[0]?.notes[0]?.text).toContain('owner.id, owner.department of 王芳 is taken away');
    const { hosts } = resolveTexts(makeFile(files[0]?.after ?? '')).inventory;
    expect(hosts.slice(0, 2).map(({ owner }) => owner)).toEqual([
      { name: '陈静', id: '0400', department: '', phone: '' },
      { name: '陈静', id: '', department: '', phone: '' },
    ]);
  });

  it('the same person with one more thing known keeps what the group says', () => {
    const { files } = plan([{ name: 'a01', 'owner.name': '张伟', 'owner.department': '信息组' }]);
    const { hosts } = resolveTexts(makeFile(files[0]?.after ?? '')).inventory;
    expect(hosts[0]?.owner).toEqual({
      name: '张伟',
      id: '0117',
      department: '信息组',
      phone: '1380',
    });
  });

  it('a new host does not repeat what its room says, nor what is so anyway', () => {
    expect(
      fate({
        name: 'a09',
        room: 'lab_a',
        mac: '00:e0:4c:00:00:09',
        ip: '10.1.1.9',
        class: 'student',
        status: 'active',
        ownership: 'school',
        'owner.name': '张伟',
        'owner.id': '0117',
      }),
    ).toEqual({ action: 'add', changes: ['mac=00:e0:4c:00:00:09', 'ip=10.1.1.9'] });
  });

  it('one address replaces the primary one of a list, and addresses that are known change nothing', () => {
    expect(fate({ name: 'a03', mac: '00:e0:4c:00:00:33' })).toEqual({
      action: 'change',
      changes: ['mac.0.addr=00:e0:4c:00:00:33'],
    });
    expect(fate({ name: 'a03', mac: '00:e0:4c:00:00:13' })).toEqual({
      action: 'none',
      changes: [],
    });
  });

  it('nothing of a row that is refused, and everything of the others', () => {
    const { rows, files } = plan([
      { name: 'a01', ip: '10.1.1.2' },
      { name: 'a02', model: 'X1' },
    ]);
    expect(rows.map(({ action }) => action)).toEqual(['refuse', 'change']);
    const { hosts } = resolveTexts(makeFile(files[0]?.after ?? '')).inventory;
    expect(hosts[0]?.ip).toBe('10.1.1.1');
    expect(hosts[1]?.model).toBe('X1');
  });

  it('a new host without an owner where nobody answers for the room is refused', () => {
    const text = 'lab_c:\n  vars: {room: 三楼}\n  hosts:\n    c01: {owner: 张伟}\n';
    const [row] = plan([{ name: 'c02', room: 'lab_c', seat: '2' }], undefined, text).rows;
    expect(row?.refused?.reason).toBe('no IP address; no MAC address; no owner');
  });
});

describe('properties', () => {
  const value = fc.constantFrom('1', '2', '3', '4', '5');
  const row = fc.record(
    {
      name: fc.constantFrom('a01', 'a02', 'a03', 'n1', 'n2'),
      room: fc.constant('lab_a'),
      ip: value.map((end) => `10.1.1.${end}`),
      seat: value.map((end) => `0${end}`),
      mac: value.map((end) => `00:e0:4c:00:00:0${end}`),
      'owner.name': fc.constantFrom('张伟', '王芳', '陈静'),
    },
    { requiredKeys: ['name', 'room'] },
  );

  it('whatever the rows, the outcome has no new conflict, and importing again what was taken changes nothing', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 5 }), (rows) => {
        const { rows: planned, files } = plan(rows);
        const text = files[0]?.after ?? school;
        const { hosts } = resolveTexts(makeFile(text)).inventory;
        for (const read of [
          (at: number) => hosts[at]?.ip,
          (at: number) => hosts[at]?.seat,
          (at: number) => hosts[at]?.mac,
        ]) {
          const filled = hosts.map((_, at) => read(at)).filter((each) => each);
          expect(new Set(filled).size).toBe(filled.length);
        }
        const taken = rows.filter((_, index) => planned[index]?.action !== 'refuse');
        const again = plan(taken, undefined, text);
        expect(again.files).toEqual([]);
        expect(again.rows.map(({ action }) => action)).toEqual(taken.map(() => 'none'));
      }),
      { numRuns: 300 },
    );
  });
});
