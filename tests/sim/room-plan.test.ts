import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { renderInventory } from '../../sim/render-inventory.ts';
import { planRooms } from '../../sim/room-plan.ts';

describe('the plan of the rooms', () => {
  test('names the PCs by room and number, with as many digits as the largest needs', () => {
    const [a, b] = planRooms([
      { name: 'a', pcs: 12 },
      { name: 'b', pcs: 120 },
    ]);
    expect(a?.pcs.at(0)?.name).toBe('a01');
    expect(a?.pcs.at(-1)?.name).toBe('a12');
    expect(b?.pcs.at(-1)?.name).toBe('b120');
    expect(b?.pcs.at(0)?.name).toBe('b001');
  });

  test('gives no two of 480 PCs the same MAC, IP, serial, UUID, machine id or owner number', () => {
    const pcs = planRooms([
      { name: 'a', pcs: 240 },
      { name: 'b', pcs: 240 },
    ]).flatMap((room) => room.pcs);
    for (const key of ['name', 'mac', 'ip', 'serial', 'uuid', 'machineId'] as const)
      expect(new Set(pcs.map((pc) => pc[key])).size).toBe(480);
    expect(new Set(pcs.map((pc) => pc.owner.id)).size).toBe(480);
  });

  test.each([
    [[{ name: 'A', pcs: 1 }]],
    [[{ name: 'a', pcs: 0 }]],
    [[{ name: 'a', pcs: 241 }]],
    [[{ name: 'a', pcs: 1.5 }]],
    [
      [
        { name: 'a', pcs: 1 },
        { name: 'a', pcs: 1 },
      ],
    ],
    [[]],
  ])('refuses %j', (wishes) => {
    expect(() => planRooms(wishes)).toThrow(expect.objectContaining({ kind: 'usage' }));
  });
});

describe('the inventory of the simulated school', () => {
  const rooms = planRooms([{ name: 'a', title: '微机室: 一', pcs: 2 }]);
  const inventory = parse(renderInventory(rooms, { user: 'labadmin', keyFile: '/run/x/key' }));

  test('keeps MACs, seats and staff numbers as text', () => {
    expect(inventory.all.children.lab_a.hosts.a02).toEqual({
      mac: '00:e0:4c:01:00:02',
      ip: '10.77.1.12',
      seat: '02',
      serial: 'LK0010002',
      uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      owner: { name: '周婷', id: '0001002', department: '计算机科学系' },
    });
  });

  test('makes the first PC the teacher’s and all others students’', () => {
    expect(inventory.all.vars.class).toBe('student');
    expect(inventory.all.children.lab_a.hosts.a01.class).toBe('teacher');
  });

  test('keeps a title with a colon, and lets labadmin become root', () => {
    expect(inventory.all.children.lab_a.vars.room.title).toBe('微机室: 一');
    expect(inventory.all.vars.ansible_become).toBe(true);
  });
});
