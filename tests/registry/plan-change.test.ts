import { describe, expect, it } from 'vitest';
import type { Host, Inventory, Room } from '../../src/model/host.ts';
import { LabError } from '../../src/model/lab-error.ts';
import { type AskFields, makeAsk } from '../../src/registry/ask.ts';
import { planChange } from '../../src/registry/plan-change.ts';
import { proposeNext } from '../../src/registry/propose.ts';
import { makeHost } from '../helpers/make-host.ts';

const room: Room = {
  name: 'lab_a',
  title: '计算机室一',
  kind: '',
  maintainer: '',
  subnet: '10.1.1.0/24',
  gateway: '10.1.1.254',
  vlan: '',
  columns: 0,
  lessons: null,
  at: { file: 'i.yaml', line: 1, column: 1 },
};

function seated(number: number, more: Partial<Host> = {}): Host {
  const two = String(number).padStart(2, '0');
  const mac = `00:e0:4c:00:00:${two}`;
  return makeHost(`a${two}`, {
    room,
    seat: two,
    ip: `10.1.1.${number}`,
    mac,
    macs: [{ addr: mac, role: 'wired', primary: true }],
    owner: { name: '张伟', id: '0117', department: '教务处', phone: '8600' },
    ...more,
  });
}

function inventoryOf(...hosts: Host[]): Inventory {
  return { hosts, groups: [], rooms: [room], files: ['i.yaml'] };
}

const nobody = { name: '', id: '', department: '', phone: '' };
const inventory = inventoryOf(seated(1), seated(2), seated(3, { owner: nobody }));
const lilei: AskFields = { owner: '李雷', ownerId: '0120' };

function refusal(work: () => unknown): LabError {
  try {
    work();
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('registering', () => {
  it('gives a host without owner an owner and keeps its addresses', () => {
    const planned = planChange(inventory, makeAsk('register', 'a03', lilei));
    expect(planned).toMatchObject({
      isChange: true,
      before: { ip: '10.1.1.3', owner: nobody },
      after: { ip: '10.1.1.3', owner: { name: '李雷', id: '0120' } },
    });
  });

  it('takes no host from its owner', () => {
    const refused = refusal(() => planChange(inventory, makeAsk('register', 'a01', lilei)));
    expect(refused).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('张伟 (0117)'),
    });
    expect(refused.hint).toContain('transfer a01');
  });

  it.each([
    ['mac-taken', { mac: '00-E0-4C-00-00-01' }],
    ['ip-taken', { ip: '10.1.1.1' }],
    ['seat-taken', { seat: '1' }],
  ])('refuses what another host has, with its holder: %s', (rule, fields) => {
    const ask = makeAsk('register', 'a03', { ...lilei, ...fields });
    const refused = refusal(() => planChange(inventory, ask));
    expect(refused.kind).toBe('refused');
    expect(refused.problems).toMatchObject([
      {
        rule,
        message: expect.stringMatching(/belongs to a01 \(张伟 \(0117\), seat 01 of lab_a\)/),
      },
    ]);
  });

  it('refuses a staff number that is another person, and tells every conflict at once', () => {
    const ask = makeAsk('register', 'a03', { owner: '李雷', ownerId: '0117', ip: '10.1.1.2' });
    const { problems } = refusal(() => planChange(inventory, ask));
    expect(problems.map(({ rule }) => rule)).toEqual(['ip-taken', 'owner-id-taken']);
  });

  it('lets docks be shared, and retired hosts hold no address and no seat', () => {
    const dock = { addr: '00:e0:4c:00:00:99', role: 'dock', primary: false } as const;
    const others = inventoryOf(
      seated(1, { status: 'retired', macs: [dock] }),
      seated(3, { owner: nobody, macs: [dock, ...seated(3).macs] }),
    );
    const ask = makeAsk('register', 'a03', { ...lilei, ip: '10.1.1.1', seat: '01' });
    expect(planChange(others, ask).after).toMatchObject({ ip: '10.1.1.1', seat: '01' });
  });

  it.each([
    [{ ip: '10.1.2.7' }, 'outside 10.1.1.0/24'],
    [{ ip: '10.1.1.254' }, 'gateway'],
    [{ ip: '10.1.1.255' }, 'broadcast'],
  ])('refuses an address that cannot work in the room: %j', (fields, said) => {
    const ask = makeAsk('register', 'a03', { ...lilei, ...fields });
    expect(refusal(() => planChange(inventory, ask))).toMatchObject({
      kind: 'input',
      message: expect.stringContaining(said),
    });
  });

  it.each([[{ mac: 'zz' }], [{ ip: '10.1.1' }], [{ owner: 'a\nb' }], [{ phone: 'x'.repeat(201) }]])(
    'refuses a value that cannot be meant: %j',
    (fields) => {
      expect(refusal(() => makeAsk('register', 'a03', fields)).kind).toBe('input');
    },
  );

  it('names every flag that is missing for a host that is new', () => {
    const refused = refusal(() => planChange(inventory, makeAsk('register', 'a09', {})));
    expect(refused.kind).toBe('usage');
    for (const flag of ['--owner', '--owner-id', '--mac', '--ip', '--room'])
      expect(refused.message).toContain(flag);
  });

  it('plans a new host into its room, and refuses unknown rooms and bad names', () => {
    const fields = { ...lilei, mac: '00e04c000009', ip: '10.1.1.9', room: 'lab_a', seat: '09' };
    expect(planChange(inventory, makeAsk('register', 'a09', fields))).toMatchObject({
      before: null,
      after: { host: 'a09', room: 'lab_a', seat: '09', macs: [{ addr: '00:e0:4c:00:00:09' }] },
    });
    const elsewhere = makeAsk('register', 'a09', { ...fields, room: 'lab_x' });
    expect(refusal(() => planChange(inventory, elsewhere)).kind).toBe('input');
    expect(refusal(() => planChange(inventory, makeAsk('register', 'a_9', fields))).kind).toBe(
      'input',
    );
    expect(refusal(() => planChange(inventory, makeAsk('register', 'A01', fields))).kind).toBe(
      'refused',
    );
  });

  it('sees that there is nothing to do', () => {
    const same = makeAsk('register', 'a01', { owner: '张伟', ownerId: '0117' });
    expect(planChange(inventory, same).isChange).toBe(false);
  });
});

describe('handing on and releasing', () => {
  it("does not leave the next owner with the last one's telephone", () => {
    const planned = planChange(inventory, makeAsk('transfer', 'a01', lilei));
    expect(planned.after.owner).toEqual({ name: '李雷', id: '0120', department: '', phone: '' });
  });

  it('keeps what one person did not name again', () => {
    const ask = makeAsk('register', 'a01', { owner: '张伟', ownerId: '0117', phone: '8601' });
    expect(planChange(inventory, ask).after.owner).toMatchObject({
      department: '教务处',
      phone: '8601',
    });
  });

  it('hands on only what somebody answers for', () => {
    expect(refusal(() => planChange(inventory, makeAsk('transfer', 'a03', lilei))).kind).toBe(
      'refused',
    );
    expect(refusal(() => planChange(inventory, makeAsk('transfer', 'x', lilei))).kind).toBe(
      'usage',
    );
  });

  it('frees owner and addresses, keeps the seat, and takes the host out of use', () => {
    expect(planChange(inventory, makeAsk('release', 'a01', {}))).toMatchObject({
      after: { ip: '', macs: [], owner: nobody, seat: '01', room: 'lab_a' },
      status: 'spare',
    });
    const spare = inventoryOf(seated(1, { status: 'spare', owner: nobody }));
    expect(planChange(spare, makeAsk('register', 'a01', lilei)).status).toBe('active');
  });
});

describe('what is proposed for the next PC of a room', () => {
  it('is the first gap in seats, with name and address to match', () => {
    const hosts = [seated(1), seated(2), seated(4)];
    expect(proposeNext(room, hosts)).toEqual({ seat: '03', name: 'a03', ip: '10.1.1.3' });
  });

  it('avoids names and addresses that are taken elsewhere', () => {
    const hosts = [seated(1), makeHost('a02', { ip: '10.1.1.2' })];
    expect(proposeNext(room, hosts)).toEqual({ seat: '02', name: 'a03', ip: '10.1.1.3' });
  });

  it('makes a beginning in an empty room, and gives no address without a subnet', () => {
    expect(proposeNext(room, [])).toEqual({ seat: '01', name: 'lab-a-01', ip: '10.1.1.1' });
    expect(proposeNext({ ...room, subnet: '' }, [])).toMatchObject({ ip: '' });
  });
});
