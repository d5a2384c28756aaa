import { describe, expect, it } from 'vitest';
import { makeAsk } from '../../src/registry/ask.ts';
import { handEdit, makeEntry, planReconcile, startingState } from '../../src/registry/reconcile.ts';
import { registrationOf } from '../../src/registry/registration.ts';
import {
  findRequest,
  refuseOwnApproval,
  refuseOwnRequest,
  selectOpen,
} from '../../src/registry/requests.ts';
import { makeHost } from '../helpers/make-host.ts';
import { hour, readUp } from './random-history.ts';

const ask = makeAsk('register', 'a1', { owner: '李雷', ownerId: '0120' });
const occasion = { at: hour(1), who: 'li@office-2' };
const rows = readUp([
  makeEntry(occasion, 'request', { host: 'a1', appliedBy: occasion.who, asks: ask }),
  makeEntry(occasion, 'request', { host: 'a1', appliedBy: occasion.who, asks: ask }),
  makeEntry({ ...occasion, at: hour(2) }, 'reject', { host: 'a1', reference: '1', cites: 1 }),
]);

describe('requests', () => {
  it('wait until they are decided, and say for how long', () => {
    const open = selectOpen(rows, Date.parse(hour(51)));
    expect(open.map(({ row, waitingMs }) => [row.seq, waitingMs])).toEqual([[2, 50 * 3_600_000]]);
    expect(findRequest(open, '2').ask).toEqual(ask);
    expect(findRequest(open, '#2').row.seq).toBe(2);
    expect(() => findRequest(open, '1')).toThrow('no open request 1');
  });

  it.each(['li@office-2', 'LI@elsewhere', '李雷', ' 李 雷', '0120', 'li'])(
    'are not decided by the one who applied or the one it is for: %s',
    (decider) => {
      const [request] = selectOpen(rows, 0);
      if (!request) throw new Error('no request');
      expect(() => refuseOwnRequest(request, decider)).toThrow('same person');
    },
  );

  it('are decided by anybody else, by login or on paper', () => {
    const [request] = selectOpen(rows, 0);
    if (!request) throw new Error('no request');
    for (const decider of ['zhang@office-2', '李校长', 'lin@x'])
      expect(() => refuseOwnRequest(request, decider)).not.toThrow();
  });

  it('and direct changes are not approved by their own hands either', () => {
    expect(() => refuseOwnApproval(ask.owner, 'zhang@x', '李雷')).toThrow('not approved by');
    expect(() => refuseOwnApproval(ask.owner, 'zhang@x', 'zhang')).toThrow('not approved by');
    expect(() => refuseOwnApproval(ask.owner, 'zhang@x', '校长室')).not.toThrow();
    expect(() => refuseOwnApproval(ask.owner, 'zhang@x', '')).not.toThrow();
  });
});

describe('comparing the inventory with the ledger', () => {
  const known = new Map(
    ['a1', 'a2', 'a3'].map((name) => [name, registrationOf(makeHost(name, { ip: '10.1.1.1' }))]),
  );

  it('files hosts that differ, that are new and that are gone, and nothing else', () => {
    const hosts = [
      makeHost('a1', { ip: '10.1.1.1' }),
      makeHost('a2', { ip: '10.1.1.9' }),
      makeHost('a4'),
    ];
    const entries = planReconcile(known, hosts, occasion, handEdit(occasion));
    expect(
      entries.map(({ kind, host, before, after }) => [kind, host, before?.ip, after?.ip]),
    ).toEqual([
      ['edit', 'a2', '10.1.1.1', '10.1.1.9'],
      ['edit', 'a4', undefined, ''],
      ['edit', 'a3', '10.1.1.1', undefined],
    ]);
    expect(entries[0]?.reason).toBe(
      `hand edit of the inventory, found by li@office-2 at ${hour(1)}`,
    );
  });

  it('begins an empty ledger with every host', () => {
    const entries = planReconcile(
      new Map(),
      [makeHost('a1'), makeHost('a2')],
      occasion,
      startingState,
    );
    expect(entries.map(({ kind, before }) => [kind, before])).toEqual([
      ['register', null],
      ['register', null],
    ]);
  });
});
