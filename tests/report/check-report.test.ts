import { describe, expect, test } from 'vitest';
import type { RunEvent, RunEventBody, RunHost } from '../../src/model/event.ts';
import type { Judgement, Verdict } from '../../src/model/plan.ts';
import type { Value } from '../../src/model/value.ts';
import { foldCheck } from '../../src/report/check-report.ts';

type Results = { readonly [check: string]: Verdict | (Judgement & { readonly reason?: string }) };

/** The events of a check run in which every host is asked and answers at once. */
function checkRun(
  hosts: readonly RunHost[],
  results: { readonly [host: string]: Results },
  {
    rooms = [],
    outcome = 'finished',
  }: { readonly rooms?: Value; readonly outcome?: 'finished' | 'cancelled' } = {},
): RunEvent[] {
  const ids = [...new Set(Object.values(results).flatMap((each) => Object.keys(each)))];
  const steps = ids.map((id) => ({ id, title: id }));
  const bodies: RunEventBody[] = [
    { type: 'run.started', kind: 'check', title: 'check lab_a', hosts, steps, context: { rooms } },
  ];
  for (const [host, checks] of Object.entries(results)) {
    bodies.push({ type: 'host.started', host });
    for (const [step, answer] of Object.entries(checks)) {
      const { reason, ...judgement } =
        typeof answer === 'string' ? { verdict: answer, found: `${step} ${answer}` } : answer;
      const data = reason === undefined ? {} : { data: { reason } };
      bodies.push({
        type: 'step.finished',
        host,
        step,
        outcome: 'ok',
        changes: [],
        judgement,
        durationMs: 10,
        ...data,
      });
    }
  }
  bodies.push({ type: 'run.finished', outcome, totals: {} });
  return bodies.map((body, index) => ({
    ...body,
    run: 'r1',
    seq: index + 1,
    at: `2026-09-01T00:30:${String(index % 60).padStart(2, '0')}.000Z`,
  }));
}

const pc = (host: string, more: Partial<RunHost> = {}): RunHost =>
  ({ host, room: 'lab_a', seat: host, ...more }) as RunHost;
const many = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index + 1).padStart(2, '0')}`);
const statesOf = (events: readonly RunEvent[]) => {
  const hosts = foldCheck(events, 'en').document['hosts'] as readonly {
    host: string;
    state: string;
  }[];
  return Object.fromEntries(hosts.map(({ host, state }) => [host, state]));
};
const roomsOf = (events: readonly RunEvent[]) =>
  foldCheck(events, 'en').document['rooms'] as readonly { [key: string]: Value }[];
const silent = (reason: string): Results => ({
  reach: { verdict: 'unknown', found: `off or unreachable: ${reason}`, reason },
  disk: { verdict: 'unknown', found: `not reached (${reason})`, reason },
});

describe('the state of a host', () => {
  test('is off when nothing answered, broken when a check failed, unknown when one could not tell', () => {
    const events = checkRun(
      many('a', 8).map((host) => pc(host)),
      {
        a01: { reach: 'pass', disk: 'pass', smart: 'skip' },
        a02: { reach: 'pass', disk: 'warn' },
        a03: { reach: 'pass', disk: 'fail', ram: 'unknown' },
        a04: { reach: 'pass', disk: 'unknown', ram: 'warn' },
        a05: silent('no-route'),
        a06: silent('timeout'),
        a07: silent('deadline'),
        a08: {
          reach: { verdict: 'fail', found: 'auth-failed: no key', reason: 'auth-failed' },
          disk: 'unknown',
        },
      },
    );
    expect(statesOf(events)).toEqual({
      a01: 'ready',
      a02: 'attention',
      a03: 'broken',
      a04: 'unknown',
      a05: 'off',
      a06: 'off',
      a07: 'unknown',
      a08: 'broken',
    });
  });

  test('needs attention when little of what was asked could not be read, and is unknown when much could not', () => {
    const good = { reach: 'pass', disk: 'pass', ram: 'pass' } as const;
    const events = checkRun([pc('a01'), pc('a02'), pc('a03')], {
      a01: { ...good, smart: 'unknown' },
      a02: { ...good, smart: 'unknown', temp: 'unknown' },
      a03: { reach: 'pass', smart: 'unknown', temp: 'skip', fs: 'skip' },
    });
    expect(statesOf(events)).toEqual({ a01: 'attention', a02: 'unknown', a03: 'unknown' });
  });

  test('is never ready without evidence: nothing asked, or all skipped, is unknown', () => {
    const events = checkRun([pc('a01'), pc('a02')], { a01: { disk: 'skip' } });
    expect(statesOf(events)).toEqual({ a01: 'unknown', a02: 'unknown' });
  });

  test('is off too when the suite has no reach check but the connection met silence', () => {
    const events = checkRun([pc('a01')], { a01: { disk: 'unknown' } });
    const lost = {
      type: 'host.unreachable',
      host: 'a01',
      reason: 'no-route',
      message: 'no answer',
      hint: '',
      run: 'r1',
      seq: 9,
      at: '',
    } as const;
    expect(statesOf(events)).toEqual({ a01: 'unknown' });
    expect(statesOf([...events, lost])).toEqual({ a01: 'off' });
  });

  test('a check that ended without a judgement proves nothing', () => {
    const events = checkRun([pc('a01')], { a01: { reach: 'pass' } });
    const crashed = {
      type: 'step.finished',
      host: 'a01',
      step: 'reach',
      outcome: 'ok',
      changes: [],
      durationMs: 1,
      run: 'r1',
      seq: 9,
      at: '',
    } as const;
    expect(statesOf([...events, crashed])).toEqual({ a01: 'unknown' });
  });

  test('a revised verdict replaces the first', () => {
    const events = checkRun([pc('a01')], { a01: { reach: 'pass', 'clone-id': 'pass' } });
    const judgement = { verdict: 'fail', found: 'same machine id as a02' } as const;
    const revised = {
      type: 'step.finished',
      host: 'a01',
      step: 'clone-id',
      outcome: 'failed',
      changes: [],
      judgement,
      durationMs: 0,
      revised: true,
      run: 'r1',
      seq: 9,
      at: '',
    } as const;
    expect(statesOf([...events, revised])).toEqual({ a01: 'broken' });
    expect(foldCheck([...events, revised], 'en').document['totals']).toEqual({
      pass: 1,
      warn: 0,
      fail: 1,
      unknown: 0,
      skip: 0,
    });
  });
});

describe('the in-service rate', () => {
  const students = many('a', 43);
  const room43 = checkRun(
    [
      ...students.map((host) => pc(host, { class: 'student' })),
      pc('t1', { class: 'teacher' }),
      pc('t2', { class: 'teacher' }),
    ],
    Object.fromEntries([
      ...students.map(
        (host, index) => [host, { reach: 'pass', disk: index < 7 ? 'fail' : 'pass' }] as const,
      ),
      ['t1', { reach: 'pass', disk: 'fail' }],
      ['t2', { reach: 'pass', disk: 'pass' }],
    ]),
    { rooms: [{ name: 'lab_a', title: '计算机室一' }] },
  );

  test('36 of 43 with 7 broken and 2 teacher PCs is 84 %', () => {
    expect(roomsOf(room43)[0]).toMatchObject({
      room: 'lab_a',
      title: '计算机室一',
      total: 43,
      inService: 36,
      broken: 7,
      judged: 43,
      excluded: 2,
      rate: 0.8372,
    });
    const table = foldCheck(room43, 'en').tables.find(({ title }) => title === 'Per room');
    expect(table?.rows).toEqual([['lab_a 计算机室一', '43', '36', '7', '', '', '84 %']]);
    expect(table?.notes[0]).toMatch(/^Rate = in service/);
  });

  test('names PCs that are off or unknown and does not judge them', () => {
    const events = checkRun([pc('a01'), pc('a02'), pc('a03')], {
      a01: { reach: 'pass' },
      a02: silent('timeout'),
      a03: silent('dns'),
    });
    expect(roomsOf(events)[0]).toMatchObject({
      total: 3,
      inService: 1,
      off: 1,
      unknown: 1,
      judged: 1,
      rate: 1,
    });
  });

  test('is null, not 100 %, when nothing was judged', () => {
    const events = checkRun([pc('a01')], { a01: silent('timeout') });
    expect(roomsOf(events)[0]).toMatchObject({ judged: 0, rate: null });
    expect(
      foldCheck(events, 'en')
        .tables.find(({ title }) => title === 'Per room')
        ?.rows[0]?.at(-1),
    ).toBe('-');
  });

  test('leaves out private, spare, loaned and retired PCs and other classes; a PC marked broken counts even when it was not asked', () => {
    const good = { reach: 'pass' } as const;
    const events = checkRun(
      [
        pc('a01'),
        pc('a02', { ownership: 'private' }),
        pc('a03', { status: 'spare' }),
        pc('a04', { status: 'loaned' }),
        pc('a05', { status: 'retired' }),
        pc('a06', { class: 'office' }),
        pc('a07', { status: 'broken', class: 'student', ownership: 'school' }),
        pc('a08', { status: 'broken' }),
      ],
      { a01: good, a02: good, a03: good, a04: good, a05: good, a06: good, a08: good },
    );
    expect(roomsOf(events)[0]).toMatchObject({
      total: 3,
      inService: 1,
      broken: 2,
      excluded: 5,
      rate: 0.3333,
    });
    expect(statesOf(events)).toMatchObject({ a07: 'broken', a08: 'ready' });
  });

  test('shows 100 % and 0 % only for all and none', () => {
    const names = many('a', 300);
    const mostly = (verdict: Verdict, other: Verdict) =>
      checkRun(
        names.map((host) => pc(host)),
        Object.fromEntries(
          names.map((host, index) => [host, { disk: index === 0 ? other : verdict }]),
        ),
      );
    const rateOf = (events: readonly RunEvent[]) =>
      foldCheck(events, 'en')
        .tables.find(({ title }) => title === 'Per room')
        ?.rows[0]?.at(-1);
    expect(rateOf(mostly('pass', 'fail'))).toBe('99 %');
    expect(rateOf(mostly('fail', 'pass'))).toBe('1 %');
    expect(rateOf(mostly('pass', 'pass'))).toBe('100 %');
  });
});

describe('the tables for people', () => {
  test('fold equal findings of many hosts, and one row per host that gave no session, worst first', () => {
    const names = many('a', 12);
    const bad = {
      verdict: 'fail',
      found: '1 GiB free',
      expected: 'at least 10 GiB',
      hint: 'tidy up',
    } as const;
    const results: { [host: string]: Results } = Object.fromEntries(
      names.map((host) => [host, { reach: 'pass', disk: bad }]),
    );
    const events = checkRun(
      [...names, 'b1', 'b2', 'b3'].map((host) => pc(host)),
      {
        ...results,
        b1: silent('no-route'),
        b2: {
          reach: {
            verdict: 'fail',
            found: 'auth-failed: refused',
            reason: 'auth-failed',
            hint: 'put the key right',
          },
          disk: 'unknown',
          ram: 'unknown',
        },
        b3: {
          reach: 'pass',
          disk: 'warn',
          smart: { verdict: 'unknown', found: 'no root' },
          temp: { verdict: 'unknown', found: 'no root' },
          fs: { verdict: 'unknown', found: 'no root' },
        },
      },
    );
    expect(foldCheck(events, 'en').tables[0]).toMatchObject({
      title: 'Findings',
      rows: [
        ['a[01-12]', 'fail', 'disk', '1 GiB free (expected at least 10 GiB)\n→ tidy up'],
        ['b2', 'fail', 'reach', 'auth-failed: refused\n→ put the key right'],
        ['b3', 'unknown', 'smart and 2 more', 'no root'],
        ['b1', 'off', 'reach', 'off or unreachable: no-route'],
        ['b3', 'warn', 'disk', 'disk warn'],
      ],
      tones: ['bad', 'bad', 'doubt', 'quiet', 'doubt'],
    });
  });

  test('fold hosts that were lost for one reason, although what was found names their addresses', () => {
    const refused = (address: string): Results => ({
      reach: {
        verdict: 'fail',
        found: `refused: ${address}`,
        reason: 'refused',
        hint: 'start sshd',
      },
    });
    const names = many('a', 3);
    const events = checkRun(
      [...names, 'b1'].map((host) => pc(host)),
      {
        ...Object.fromEntries(names.map((host) => [host, refused(host)])),
        b1: { reach: { verdict: 'fail', found: 'reset: b1', reason: 'reset' } },
      },
    );
    expect(foldCheck(events, 'en').tables[0]?.rows).toEqual([
      ['a[01-03]', 'fail', 'reach', 'refused\n→ start sshd'],
      ['b1', 'fail', 'reach', 'reset: b1'],
    ]);
  });

  test('fold them too when the suite does not ask whether they can be reached', () => {
    const lost = (host: string, address: string): RunEvent => ({
      type: 'host.unreachable',
      host,
      reason: 'no-route',
      message: `${address}: no route to host`,
      hint: '',
      run: 'r1',
      seq: 9,
      at: '',
    });
    const events = checkRun([pc('a01'), pc('a02')], {
      a01: { disk: 'unknown' },
      a02: { disk: 'unknown' },
    });
    const rowsOf = (...more: RunEvent[]) => foldCheck([...events, ...more], 'en').tables[0]?.rows;
    expect(rowsOf(lost('a01', '10.0.0.1'), lost('a02', '10.0.0.2'))).toEqual([
      ['a[01-02]', 'off', 'disk', 'no-route'],
    ]);
    expect(rowsOf(lost('a01', '10.0.0.1'))?.[1]).toEqual([
      'a01',
      'off',
      'disk',
      'no-route: 10.0.0.1: no route to host',
    ]);
  });

  test('say in one line with numbers that all is good', () => {
    const events = checkRun([pc('a01'), pc('a02')], {
      a01: { reach: 'pass', disk: 'pass' },
      a02: { reach: 'pass', disk: 'skip' },
    });
    const [first, ...others] = foldCheck(events, 'en').tables;
    expect(first?.notes).toEqual(['All 2 PCs are ready: 3 verdicts passed, 1 did not apply.']);
    expect(others.map(({ title }) => title)).toEqual(['Per room', '']);
    expect(foldCheck(events, 'zh-CN').tables[0]?.notes).toEqual([
      '2 台电脑全部就绪：3 项通过，1 项不适用。',
    ]);
  });

  test('name a PC that is marked broken, also when all its checks passed', () => {
    const events = checkRun([pc('a01'), pc('a02', { status: 'broken' })], {
      a01: { reach: 'pass' },
      a02: { reach: 'pass' },
    });
    const [first] = foldCheck(events, 'en').tables;
    expect(first?.rows).toEqual([['a02', 'broken', '', 'is marked broken in the inventory']]);
    expect(roomsOf(events)[0]).toMatchObject({ inService: 1, broken: 1 });
  });

  test('name hosts nobody asked and say that the run was stopped or has not ended', () => {
    const events = checkRun(
      [pc('a01'), pc('a02', { status: 'broken' })],
      { a01: {} },
      { outcome: 'cancelled' },
    );
    const report = foldCheck(events, 'en');
    expect(report.tables[0]?.rows).toEqual([
      ['a02', 'broken', '', 'is marked broken in the inventory'],
      ['a01', 'unknown', '', 'was not asked'],
    ]);
    expect(report.tables.at(-1)?.notes.join()).toContain('The run was stopped');
    expect(foldCheck(events.slice(0, -1), 'en').tables.at(-1)?.notes.join()).toContain(
      'has not ended',
    );
  });

  test('speak Chinese', () => {
    const events = checkRun([pc('a01')], { a01: { disk: 'fail' } });
    const [findings, perCheck, perRoom] = foldCheck(events, 'zh-CN').tables;
    expect(findings?.columns.map(({ title }) => title)).toEqual(['主机', '结论', '检查项', '发现']);
    expect(findings?.rows).toEqual([['a01', '不合格', 'disk', 'disk fail']]);
    expect([perCheck?.title, perRoom?.title]).toEqual(['各检查项', '各机房']);
  });
});

describe('for machines', () => {
  const events = checkRun(
    [pc('a10', { seat: 'A10' }), pc('z', { room: '' }), pc('a2', { seat: 'A2' })],
    {
      a10: { reach: 'pass', disk: { verdict: 'warn', found: 'nearly full', expected: '10 GiB' } },
      a2: { reach: 'pass', disk: { verdict: 'fail', found: 'full', hint: 'tidy up' } },
      z: { reach: { verdict: 'unknown', found: 'silent', reason: 'timeout' }, disk: 'skip' },
    },
  );
  const report = foldCheck(events, 'en');

  test('rows come in seat order with every field of the contract; reason where there is one', () => {
    expect(report.document['rows']).toEqual(report.records.rows);
    expect(report.records.rows.map(({ host, check }) => `${host} ${check}`)).toEqual([
      'a2 reach',
      'a2 disk',
      'a10 reach',
      'a10 disk',
      'z reach',
      'z disk',
    ]);
    expect(report.records.rows[1]).toEqual({
      host: 'a2',
      room: 'lab_a',
      seat: 'A2',
      check: 'disk',
      verdict: 'fail',
      found: 'full',
      expected: '',
      hint: 'tidy up',
      durationMs: 10,
    });
    expect(report.records.rows[4]).toMatchObject({ host: 'z', reason: 'timeout' });
    expect(report.document['totals']).toEqual({ pass: 2, warn: 1, fail: 1, unknown: 1, skip: 1 });
    expect(report.schema).toBe('lab.check/1');
    expect(report.title).toBe('check lab_a · r1');
  });

  test('in JUnit unknown is an error, skip is skipped, and a warning passes with its message', () => {
    expect(
      report.cases?.map(({ suite, name, status, message }) => [suite, name, status, message]),
    ).toEqual([
      ['a2', 'reach', 'passed', ''],
      ['a2', 'disk', 'failed', 'full'],
      ['a10', 'reach', 'passed', ''],
      ['a10', 'disk', 'passed', 'nearly full'],
      ['z', 'reach', 'error', 'silent'],
      ['z', 'disk', 'skipped', 'disk skip'],
    ]);
    const unasked = foldCheck(checkRun([pc('a01')], {}), 'en').cases;
    expect(unasked).toMatchObject([{ suite: 'a01', status: 'error', message: 'was not asked' }]);
  });

  test('the same events give the same report', () => {
    expect(JSON.stringify(foldCheck(events, 'en'))).toBe(JSON.stringify(report));
  });
});
