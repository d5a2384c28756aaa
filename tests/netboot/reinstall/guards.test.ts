import { describe, expect, it } from 'vitest';
import type { Host } from '../../../src/model/host.ts';
import { openArming } from '../../../src/netboot/arming/open-arming.ts';
import {
  type Candidate,
  indexMacs,
  judgeCandidate,
  type SoftRule,
} from '../../../src/netboot/reinstall/guards.ts';
import { makeOrder, planRows } from '../../../src/netboot/reinstall/plan-rows.ts';
import { makeHost } from '../../helpers/make-host.ts';
import { makeProfile } from '../../helpers/make-profile.ts';

const mac = '52:54:00:00:00:01';
const at = { file: 'inventory.yaml', line: 1, column: 1 };
const room = (lessons: string) => ({
  ...{ name: 'lab_a', title: '', kind: '', maintainer: '', subnet: '', gateway: '', vlan: '' },
  ...{ columns: 0, lessons, at },
});
const noon = { day: 1, minutes: 12 * 60 };
const candidate = (host: Partial<Host> = {}, more: Partial<Candidate> = {}): Candidate => ({
  host: makeHost('a01', { mac, macs: [{ addr: mac, role: 'wired', primary: true }], ...host }),
  profile: makeProfile(),
  lockedBy: '',
  ...more,
});
const view = (...despite: SoftRule[]) => ({
  at: noon,
  despite: new Set(despite),
  hostsByMac: indexMacs([candidate().host]),
});
const rulesOf = (one: Candidate, ...despite: SoftRule[]) =>
  judgeCandidate(one, view(...despite)).map(({ rule }) => rule);
const [row] = planRows([candidate()], view()).rows;
if (!row) throw new Error('an ordinary PC is let through');
const armed = openArming(makeOrder(row, { id: 'x', run: 'r', armedAt: 0, expiresAt: 1 }));
const rescue = makeProfile();
const noWwn = makeProfile({
  profile: {
    ...rescue.profile,
    refuseDisk: (rule) =>
      rule.by === 'fingerprint' ? { problem: 'it knows no WWN', hint: 'write none' } : undefined,
  },
});

describe('the guards of a reinstallation', () => {
  it('let an ordinary PC through', () => {
    expect(rulesOf(candidate())).toEqual([]);
  });

  it.each<[string, Candidate, string]>([
    [
      'the machine that Labkit runs on',
      candidate({ connection: { ...makeHost('a01').connection, kind: 'local' } }),
      'local',
    ],
    ['a protected host', candidate({ protected: true }), 'protected'],
    ['a private one', candidate({ ownership: 'private' }), 'private'],
    ['a server', candidate({ class: 'server' }), 'class'],
    ['a retired one', candidate({ status: 'retired' }), 'status'],
    ['one without a MAC address', candidate({ mac: '', macs: [] }), 'no-mac'],
    [
      'one that has only a dock and a wireless card',
      candidate({
        macs: [
          { addr: mac, role: 'dock', primary: true },
          { addr: '52:54:00:00:00:02', role: 'wifi', primary: false },
        ],
      }),
      'no-mac',
    ],
    ['one without a profile', { host: candidate().host, lockedBy: '' }, 'no-profile'],
    [
      'one whose profile writes nothing',
      candidate({}, { profile: { ...rescue, profile: { ...rescue.profile, kind: 'rescue' } } }),
      'no-profile',
    ],
    ['one whose disk is named by a device', candidate({ vars: { disk: '/dev/sda' } }), 'disk'],
    [
      'one whose disk is known by its size alone',
      candidate({ vars: { disk: { bytes: 5 } } }),
      'disk',
    ],
    [
      'one whose disk the installer of its profile cannot tell from others',
      candidate({ vars: { disk: { wwn: '0x5000c500a1b2c3d4' } } }, { profile: noWwn }),
      'disk',
    ],
    ['one that is armed', candidate({}, { armed }), 'armed'],
    ['one that another run holds', candidate({}, { lockedBy: 'a01 is locked by li' }), 'locked'],
    ['one with a lesson soon', candidate({ room: room('mon 12:04-13:00') }), 'lesson'],
    ['one whose lessons nobody can read', candidate({ room: room('all day') }), 'lesson'],
    ['one with somebody logged in', candidate({}, { users: ['li'] }), 'users'],
    [
      'one that is on and could not be asked who is logged in',
      candidate({}, { usersUnknown: 'a01 refused the login' }),
      'users',
    ],
  ])('stop %s', (_, one, rule) => {
    expect(rulesOf(one)).toEqual([rule]);
  });

  it('give way to --despite where it is a matter of judgement, and nowhere else', () => {
    const soft = candidate(
      { class: 'server', status: 'loaned', room: room('?') },
      { users: ['li'] },
    );
    expect(rulesOf(soft, 'class', 'status', 'lesson', 'users')).toEqual([]);
    const hard = candidate({ protected: true, ownership: 'private' }, { armed });
    expect(rulesOf(hard, 'class', 'status', 'lesson', 'users')).toEqual([
      ...['protected', 'private', 'armed'],
    ]);
  });

  it('never leave a part of the rule out for an installer that cannot go by it', () => {
    const vars = { disk: { serial: 'S1', wwn: '0x5000c500a1b2c3d4' } };
    const plan = planRows([candidate({ vars }, { profile: noWwn })], view());
    expect(plan.rows).toEqual([]);
    expect(plan.refused).toMatchObject([
      { rule: 'disk', why: 'a01: it knows no WWN', hint: 'write none' },
    ]);
    expect(rulesOf(candidate({}, { profile: noWwn }))).toEqual([]);
  });

  it('stop a host whose MAC address another host of the inventory has too', () => {
    const twin = makeHost('a02', { mac, macs: [{ addr: mac, role: 'wired', primary: true }] });
    const hostsByMac = indexMacs([candidate().host, twin]);
    const [refusal] = judgeCandidate(candidate(), { ...view(), hostsByMac });
    expect(refusal?.rule).toBe('shared-mac');
    expect(refusal?.why).toContain('a02');
  });

  it('let one through that is off: nobody is logged in there', () => {
    expect(rulesOf(candidate({}, {}))).toEqual([]);
  });

  it('let one through of which nobody knows who is logged in only where that is set aside, and go on saying so', () => {
    const unknown = candidate({}, { usersUnknown: 'it refuses SSH' });
    const [refusal] = judgeCandidate(unknown, view());
    expect(refusal).toMatchObject({
      why: 'nobody knows who is logged in: it refuses SSH',
      hint: 'look at the PC, then add --despite users',
    });
    const { rows } = planRows([unknown], view('users'));
    expect(rows[0]).toMatchObject({ usersUnknown: 'it refuses SSH' });
    expect(rows[0]?.users).toBeUndefined();
  });
});
