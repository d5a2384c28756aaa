import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Rim, runPlan } from '../../src/engine/run-plan.ts';
import { Unreachable } from '../../src/model/connection.ts';
import type { RunEvent } from '../../src/model/event.ts';
import { LabError } from '../../src/model/lab-error.ts';
import type { Plan, Step, StepResult } from '../../src/model/plan.ts';
import { exitCodeOf } from '../../src/report/exit-code.ts';
import { brokenConnect, scriptedConnect, silentConnect } from '../helpers/fake-connections.ts';
import { makeHosts } from '../helpers/make-host.ts';
import { eventsOf, recordEvents } from '../helpers/record-events.ts';

const ok: StepResult = { outcome: 'ok', changes: [] };
const never = new AbortController().signal;

function step(id: string, run: Step['run'] = async () => ok, more: Partial<Step> = {}): Step {
  return { id, title: id, run, ...more };
}

function makePlan(hosts: number, steps: readonly Step[], more: Partial<Plan> = {}): Plan {
  return { title: 'test', hosts: makeHosts(hosts), steps, forks: 4, acts: false, ...more };
}

function makeRim(more: Partial<Rim> = {}) {
  const { emit, events } = recordEvents();
  const { connect, tally } = scriptedConnect(() => ({}));
  const rim: Rim = {
    connect,
    emit,
    now: () => performance.now(),
    signal: never,
    stop: never,
    graceMs: 20,
    ...more,
  };
  return { rim, events, tally };
}

describe('runPlan', () => {
  it('runs the steps of each host in order over one connection and closes it', async () => {
    const seen: string[] = [];
    const use = (id: string) =>
      step(id, async ({ host, connection }) => {
        await connection();
        seen.push(`${host.name} ${id}`);
        return ok;
      });
    const { rim, events, tally } = makeRim();
    const totals = await runPlan(makePlan(3, [use('a'), use('b')], { forks: 1 }), rim);
    expect(seen).toEqual(['pc1 a', 'pc1 b', 'pc2 a', 'pc2 b', 'pc3 a', 'pc3 b']);
    expect(tally).toEqual({ opened: 3, closed: 3, open: 0, mostOpen: 1 });
    expect(totals.totals).toEqual({ ok: 3 });
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', outcome: 'finished' });
  });

  it('measures whole milliseconds with the clock it is given', async () => {
    let now = 1_000.25;
    const { rim, events } = makeRim({ now: () => now });
    const slow = step('a', async () => {
      now += 20.5;
      return ok;
    });
    await runPlan(makePlan(1, [slow, step('b')]), rim);
    expect(eventsOf(events, 'step.finished').map(({ durationMs }) => durationMs)).toEqual([21, 0]);
    expect(eventsOf(events, 'host.finished')[0]?.durationMs).toBe(21);
  });

  it('tells with the end of each host whether a session was open at some time, also where it came to nothing', async () => {
    const { connect } = scriptedConnect(() => ({}));
    const { rim, events } = makeRim({
      connect: async (host, signal) => {
        if (host.name === 'pc2') throw new Unreachable('refused', 'no');
        return connect(host, signal);
      },
    });
    const use = step('a', async ({ host, connection }) => {
      if (host.name !== 'pc3') await connection();
      return { outcome: 'failed', changes: [] };
    });
    await runPlan(makePlan(3, [use]), rim);
    const reached = eventsOf(events, 'host.finished').map((event) => [event.host, event.reached]);
    expect(new Map(reached as [string, unknown][])).toEqual(
      new Map([
        ['pc1', true],
        ['pc2', undefined],
        ['pc3', undefined],
      ]),
    );
  });

  it('opens no connection for a plan that needs none', async () => {
    const { rim, tally } = makeRim();
    await runPlan(makePlan(3, [step('a')]), rim);
    expect(tally.opened).toBe(0);
  });

  it('works on so many hosts at once as it was told, and never on more', async () => {
    const { rim, tally } = makeRim();
    const wait = step('a', async ({ connection }) => {
      await connection();
      await sleep(2);
      return ok;
    });
    await runPlan(makePlan(30, [wait], { forks: 7 }), rim);
    expect(tally.mostOpen).toBe(7);
  });

  it('reports a host that cannot be reached once, with its reason, and ends its steps', async () => {
    const why = new Unreachable('refused', 'port 22 refused', 'is sshd running?');
    const { rim, events } = makeRim({ connect: brokenConnect(why) });
    const open = async ({ connection }: Parameters<Step['run']>[0]) => {
      await connection();
      return ok;
    };
    const totals = await runPlan(makePlan(1, [step('a', open), step('b', open)]), rim);
    expect(totals.totals).toEqual({ unreachable: 1 });
    expect(eventsOf(events, 'host.unreachable')).toMatchObject([
      { host: 'pc1', reason: 'refused', message: 'port 22 refused', hint: 'is sshd running?' },
    ]);
    expect(
      eventsOf(events, 'step.finished').map(({ outcome, reason }) => [outcome, reason]),
    ).toEqual([
      ['unreachable', 'refused'],
      ['unreachable', 'refused'],
    ]);
    expect(eventsOf(events, 'host.finished')).toMatchObject([
      { outcome: 'unreachable', reason: 'refused', message: 'port 22 refused' },
    ]);
  });

  it('still runs the steps that judge an unreachable host, which meet the same Unreachable', async () => {
    const why = new Unreachable('timeout', 'no answer');
    const met: unknown[] = [];
    const judge = step(
      'judge',
      async ({ connection }) => {
        await connection().catch((error: unknown) => met.push(error));
        return { outcome: 'ok', changes: [], judgement: { verdict: 'fail', found: 'off' } };
      },
      { judgesUnreachable: true },
    );
    const { rim, events } = makeRim({ connect: brokenConnect(why) });
    const totals = await runPlan(makePlan(1, [judge, { ...judge, id: 'again' }]), rim);
    expect(met).toEqual([why, why]);
    expect(eventsOf(events, 'step.finished').map(({ judgement }) => judgement?.verdict)).toEqual([
      'fail',
      'fail',
    ]);
    expect(totals.totals).toEqual({ unreachable: 1 });
  });

  it('skips what comes after a failed step, but not after a judgement of "fail"', async () => {
    const { rim, events } = makeRim();
    const judged = step('judged', async () => ({
      ...ok,
      outcome: 'failed',
      judgement: { verdict: 'fail', found: '' },
    }));
    const failed = step('failed', async () => ({ ...ok, outcome: 'failed', message: 'no' }));
    const totals = await runPlan(makePlan(1, [judged, step('b'), failed, step('d')]), rim);
    expect(eventsOf(events, 'step.finished').map(({ outcome }) => outcome)).toEqual([
      'failed',
      'ok',
      'failed',
      'skipped',
    ]);
    expect(totals.totals).toEqual({ failed: 1 });
  });

  it('takes a LabError for a failed host and anything else for a bug of ours, and goes on', async () => {
    const { rim, events } = makeRim();
    const bug = new TypeError('undefined is not a function');
    const moody = step('a', async ({ host }) => {
      if (host.name === 'pc1') throw new LabError('failed', 'disk full', 'free some space');
      if (host.name === 'pc2') throw bug;
      return ok;
    });
    const totals = await runPlan(makePlan(3, [moody]), rim);
    expect(eventsOf(events, 'host.finished').map(({ host, message }) => [host, message])).toEqual([
      ['pc1', 'disk full; free some space'],
      ['pc2', 'unexpected: undefined is not a function'],
      ['pc3', undefined],
    ]);
    expect(totals.totals).toEqual({ failed: 2, ok: 1 });
    expect(totals.bugs).toEqual([bug]);
  });

  it('reports a host at its deadline even when connection and step ignore that they are ended', async () => {
    const stuck = step('stuck', () => new Promise(() => {}));
    const { rim, events } = makeRim();
    const totals = await runPlan(makePlan(2, [stuck, step('b')], { deadlineMs: 30 }), rim);
    expect(totals.totals).toEqual({ unreachable: 2 });
    expect(eventsOf(events, 'host.finished')).toMatchObject([
      { reason: 'deadline' },
      { reason: 'deadline' },
    ]);
    expect(eventsOf(events, 'step.finished')).toHaveLength(4);
    expect(eventsOf(events, 'host.unreachable')).toHaveLength(2);
  });

  it('lets steps judge a host that hung while connecting', async () => {
    const judge = step(
      'judge',
      async ({ connection }) => {
        const why = await connection().then(
          () => 'open',
          (error: unknown) => (error instanceof Unreachable ? error.reason : 'other'),
        );
        return { ...ok, judgement: { verdict: 'unknown', found: why } };
      },
      { judgesUnreachable: true },
    );
    const { rim, events } = makeRim({ connect: silentConnect });
    await runPlan(makePlan(1, [judge, { ...judge, id: 'b' }], { deadlineMs: 20 }), rim);
    expect(eventsOf(events, 'step.finished').map(({ judgement }) => judgement?.found)).toEqual([
      'deadline',
      'deadline',
    ]);
  });

  it('finishes begun hosts and starts no others after the first Ctrl-C', async () => {
    const stop = new AbortController();
    const { rim, events } = makeRim({ stop: stop.signal });
    const stopping = step('a', async ({ host }) => {
      if (host.name === 'pc2') stop.abort();
      await sleep(5);
      return ok;
    });
    const totals = await runPlan(makePlan(5, [stopping, step('b')], { forks: 2 }), rim);
    expect(totals).toMatchObject({ outcome: 'cancelled', totals: { ok: 2, cancelled: 3 } });
    expect(eventsOf(events, 'step.finished').filter(({ step: id }) => id === 'b')).toHaveLength(2);
    expect(eventsOf(events, 'host.started')).toHaveLength(2);
    const left = eventsOf(events, 'host.finished').filter(({ outcome }) => outcome === 'cancelled');
    expect(left.map(({ host }) => host)).toEqual(['pc3', 'pc4', 'pc5']);
    expect(left[0]?.message).toBe('not started: the run was stopped');
  });

  it('is finished, not cancelled, when Ctrl-C came after the last host was begun', async () => {
    const stop = new AbortController();
    const { rim } = makeRim({ stop: stop.signal });
    const stopping = step('a', async () => {
      stop.abort();
      return ok;
    });
    expect(await runPlan(makePlan(1, [stopping]), rim)).toMatchObject({
      outcome: 'finished',
      totals: { ok: 1 },
    });
  });

  it('ends running work at the second Ctrl-C, also work that does not listen', async () => {
    const end = new AbortController();
    const { rim, events, tally } = makeRim({ signal: end.signal });
    const deaf = step('deaf', async ({ connection }) => {
      await connection();
      setTimeout(() => end.abort(), 5);
      return new Promise(() => {});
    });
    const judge = step('judge', async () => ok, { judgesUnreachable: true });
    const totals = await runPlan(makePlan(5, [deaf, judge], { forks: 2 }), rim);
    expect(totals).toMatchObject({ outcome: 'cancelled', totals: { cancelled: 5 } });
    expect(eventsOf(events, 'step.finished').map(({ outcome }) => outcome)).toEqual(
      Array(4).fill('cancelled'),
    );
    expect(tally).toMatchObject({ opened: 2, closed: 2 });
  });

  it('keeps the result of work that was done when the end came', async () => {
    const end = new AbortController();
    const { rim } = makeRim({ signal: end.signal });
    const done = step('a', async () => {
      end.abort();
      return { outcome: 'changed', changes: [{ summary: 'x' }] };
    });
    expect(await runPlan(makePlan(1, [done]), rim)).toMatchObject({ totals: { changed: 1 } });
  });

  it('says nothing of a host after it was reported, whatever its steps still do', async () => {
    const late = Promise.withResolvers<void>();
    const { rim, events } = makeRim();
    const lateStep = step('late', async ({ output }) => {
      await sleep(60);
      output('stdout', 'late');
      late.resolve();
      return ok;
    });
    await runPlan(makePlan(1, [lateStep], { deadlineMs: 5 }), rim);
    const count = events.length;
    await late.promise;
    expect(events).toHaveLength(count);
  });

  it('closes a connection that opens only after its host was reported', async () => {
    const opened = Promise.withResolvers<void>();
    const { connect, tally } = scriptedConnect(() => ({}));
    const { rim } = makeRim({
      connect: async (host, signal) => {
        await sleep(80);
        opened.resolve();
        return connect(host, signal);
      },
    });
    const use = step('use', async ({ connection }) => {
      await connection();
      return ok;
    });
    await runPlan(makePlan(1, [use], { deadlineMs: 5 }), rim);
    await opened.promise;
    await sleep(1);
    expect(tally).toMatchObject({ opened: 1, closed: 1 });
  });

  it('is not held up by a connection that does not close', async () => {
    const { connect } = scriptedConnect(() => ({}));
    const { rim } = makeRim({
      connect: async (host, signal) => ({
        ...(await connect(host, signal)),
        [Symbol.asyncDispose]: () => new Promise(() => {}),
      }),
    });
    const use = step('use', async ({ connection }) => {
      await connection();
      return ok;
    });
    expect((await runPlan(makePlan(3, [use], { forks: 1 }), rim)).totals).toEqual({ ok: 3 });
  });

  it('loses a session once: what comes later on that host is unreachable for the same reason', async () => {
    const { rim, events } = makeRim();
    const lose = step('lose', async ({ connection }) => {
      await connection();
      throw new Unreachable('reset', 'the connection was reset');
    });
    const totals = await runPlan(makePlan(1, [lose, step('b')]), rim);
    expect(eventsOf(events, 'step.finished').map(({ reason }) => reason)).toEqual([
      'reset',
      'reset',
    ]);
    expect(eventsOf(events, 'host.unreachable')).toHaveLength(1);
    expect(totals.hosts.get('pc1')).toMatchObject({ outcome: 'unreachable', reached: true });
  });

  it('shares one piece of work between the steps of a host, also one that fails', async () => {
    let times = 0;
    const { rim } = makeRim();
    const shared = async ({ once }: Parameters<Step['run']>[0]): Promise<StepResult> => {
      await once('probe', async () => {
        times += 1;
        throw new Error('no');
      }).catch(() => {});
      return ok;
    };
    await runPlan(makePlan(2, [step('a', shared), step('b', shared)]), rim);
    expect(times).toBe(2);
  });

  it('collects facts, later steps over earlier ones, and keeps them out of the events', async () => {
    const { rim, events } = makeRim();
    const facts = (vars: StepResult['facts'] & object) => async () => ({ ...ok, facts: vars });
    const plan = makePlan(1, [step('a', facts({ os: 'x', ram: 1 })), step('b', facts({ ram: 2 }))]);
    expect((await runPlan(plan, rim)).facts.get('pc1')).toEqual({ os: 'x', ram: 2 });
    expect(JSON.stringify(events)).not.toContain('"ram"');
  });
});

describe('locks', () => {
  it('are taken before anything is done to a host and given back when its connection is closed', async () => {
    const order: string[] = [];
    const { connect } = scriptedConnect(() => ({}));
    const { rim } = makeRim({
      connect: async (host, signal) => {
        order.push('connect');
        const connection = await connect(host, signal);
        return { ...connection, [Symbol.asyncDispose]: async () => void order.push('close') };
      },
      lock: async () => {
        order.push('lock');
        return { [Symbol.asyncDispose]: async () => void order.push('release') };
      },
    });
    const act = step('act', async ({ connection }) => {
      await connection();
      order.push('act');
      return ok;
    });
    await runPlan(makePlan(1, [act], { acts: true }), rim);
    expect(order).toEqual(['lock', 'connect', 'act', 'close', 'release']);
    order.length = 0;
    await runPlan(makePlan(1, [act], { acts: false }), rim);
    expect(order).not.toContain('lock');
  });

  it('that are refused fail their host alone, with who has it, and nothing is done to it', async () => {
    const done: string[] = [];
    const { rim, events } = makeRim({
      lock: async (host) => {
        if (host.name === 'pc2') throw new LabError('refused', 'pc2 is locked by Li Lei', 'wait');
        return { [Symbol.asyncDispose]: async () => {} };
      },
    });
    const act = step('act', async ({ host }) => {
      done.push(host.name);
      return ok;
    });
    const totals = await runPlan(makePlan(3, [act], { acts: true }), rim);
    expect(done).toEqual(['pc1', 'pc3']);
    expect(totals.totals).toEqual({ ok: 2, failed: 1 });
    expect(totals.hosts.get('pc2')).toMatchObject({
      refused: true,
      message: 'pc2 is locked by Li Lei; wait',
    });
    expect(eventsOf(events, 'host.finished')).toHaveLength(3);
    expect(exitCodeOf(totals)).toBe(6);
  });

  it('that never come are given up at the deadline, and given back should they come late', async () => {
    const released = Promise.withResolvers<string>();
    const { rim } = makeRim({
      lock: async () => {
        await sleep(60);
        return { [Symbol.asyncDispose]: async () => released.resolve('released') };
      },
    });
    const totals = await runPlan(makePlan(1, [step('a')], { acts: true, deadlineMs: 5 }), rim);
    expect(totals.totals).toEqual({ unreachable: 1 });
    expect(await released.promise).toBe('released');
  });
});

describe('waves', () => {
  const failing = (...names: string[]) =>
    step('a', async ({ host }) => ({
      ...ok,
      outcome: names.includes(host.name) ? 'failed' : 'ok',
    }));

  it('come one after the other, the last size repeating', async () => {
    const { rim, events } = makeRim();
    const waves = { sizes: [1, 2], maxFailed: 0 };
    const slow = step('a', async ({ host }) => {
      await sleep(host.name === 'pc2' ? 10 : 1);
      return ok;
    });
    await runPlan(makePlan(6, [slow], { forks: 64, waves }), rim);
    const order = events
      .filter(({ type }) => type.startsWith('host.'))
      .map(
        (event) =>
          `${event.type === 'host.started' ? '+' : '-'}${'host' in event ? event.host.slice(2) : ''}`,
      );
    expect(order.join('')).toBe('+1-1+2+3-3-2+4+5-4-5+6-6');
  });

  it('stop when too many hosts failed, and the rest is reported as skipped', async () => {
    const { rim, events } = makeRim();
    const waves = { sizes: [2], maxFailed: 1 };
    const totals = await runPlan(makePlan(8, [failing('pc1', 'pc3')], { waves }), rim);
    expect(totals.totals).toEqual({ failed: 2, ok: 2, skipped: 4 });
    expect(eventsOf(events, 'host.finished').at(-1)?.message).toBe(
      'not started: 2 failed in the waves before, 1 allowed',
    );
  });

  it('go on past hosts that are merely off, but not past hosts that were lost half way', async () => {
    const off = step('a', async ({ host }) => {
      if (host.name === 'pc1') throw new Unreachable('no-route', 'off');
      return ok;
    });
    const lost = step('a', async ({ host, connection }) => {
      await connection();
      if (host.name === 'pc1') throw new Unreachable('reset', 'lost');
      return ok;
    });
    const waves = { sizes: [1], maxFailed: 0 };
    expect((await runPlan(makePlan(3, [off], { waves }), makeRim().rim)).totals).toEqual({
      unreachable: 1,
      ok: 2,
    });
    expect((await runPlan(makePlan(3, [lost], { waves }), makeRim().rim)).totals).toEqual({
      unreachable: 1,
      skipped: 2,
    });
  });
});

describe('the conclusion', () => {
  it('sees all results and replaces some before the run is finished', async () => {
    const { rim, events } = makeRim();
    const found = step('mac', async ({ host }) => ({
      ...ok,
      judgement: { verdict: 'pass', found: host.name === 'pc3' ? 'b' : 'a' },
    }));
    const plan = makePlan(3, [found], {
      conclude: (results) =>
        [...results].flatMap(([host, steps]) => {
          const judgement = steps.get('mac')?.judgement;
          return judgement?.found === 'a'
            ? [
                {
                  host,
                  step: 'mac',
                  result: {
                    ...ok,
                    outcome: 'failed' as const,
                    judgement: { ...judgement, verdict: 'fail' as const },
                  },
                },
              ]
            : [];
        }),
    });
    const { hosts } = await runPlan(plan, rim);
    expect(events.slice(-3)).toMatchObject([
      { type: 'step.finished', host: 'pc1', revised: true, judgement: { verdict: 'fail' } },
      { type: 'step.finished', host: 'pc2', revised: true },
      { type: 'run.finished', totals: { failed: 2, ok: 1 } },
    ]);
    expect(hosts.get('pc1')?.outcome).toBe('failed');
  });

  it('that throws is a bug of ours, and the run is finished all the same', async () => {
    const { rim, events } = makeRim();
    const bug = new Error('oops');
    const plan = makePlan(1, [step('a')], {
      conclude: () => {
        throw bug;
      },
    });
    expect((await runPlan(plan, rim)).bugs).toEqual([bug]);
    expect(events.at(-1)?.type).toBe('run.finished');
  });
});

describe('events that cannot be kept', () => {
  it('stop the start of further hosts, let begun ones end, and are thrown at the end', async () => {
    const full = new LabError('environment', 'the disk is full');
    const done: string[] = [];
    const { connect, tally } = scriptedConnect(() => ({}));
    let count = 0;
    const emit = () => {
      count += 1;
      if (count > 4) throw full;
    };
    const { rim } = makeRim({ connect, emit });
    const act = step('a', async ({ host, connection }) => {
      await connection();
      await sleep(2);
      done.push(host.name);
      return ok;
    });
    await expect(runPlan(makePlan(20, [act], { forks: 3 }), rim)).rejects.toBe(full);
    expect(done).toEqual(['pc1', 'pc2', 'pc3']);
    expect(tally).toMatchObject({ opened: 3, closed: 3 });
  });
});

describe('whatever happens', () => {
  const moods = [
    'ok',
    'failed',
    'bug',
    'labError',
    'unreachable',
    'deaf',
    'slow',
    'deadConnect',
    'hungConnect',
  ] as const;
  type Mood = (typeof moods)[number];

  async function act(
    mood: Mood,
    { connection, signal }: Parameters<Step['run']>[0],
  ): Promise<StepResult> {
    if (mood === 'bug') throw new RangeError('bug');
    if (mood === 'labError') throw new LabError('failed', 'no');
    if (mood === 'deaf') return new Promise(() => {});
    await connection();
    if (mood === 'unreachable') throw new Unreachable('reset', 'gone');
    if (mood === 'slow') await sleep(15, undefined, { signal });
    return { ...ok, outcome: mood === 'failed' ? 'failed' : 'ok' };
  }

  it('each host is finished once and last, each begun step too, never more than forks at once, all is closed', async () => {
    const hostArb = fc.array(fc.constantFrom(...moods), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(hostArb, { minLength: 1, maxLength: 12 }),
        fc.record({
          forks: fc.integer({ min: 1, max: 5 }),
          stopMs: fc.option(fc.integer({ min: 0, max: 25 })),
          endMs: fc.option(fc.integer({ min: 0, max: 25 })),
          judges: fc.boolean(),
        }),
        async (hosts, { forks, stopMs, endMs, judges }) => {
          const stop = new AbortController();
          const end = new AbortController();
          if (stopMs !== null) setTimeout(() => stop.abort(), stopMs);
          if (endMs !== null) setTimeout(() => end.abort(), endMs);
          const moodOf = (name: string, index: number) =>
            hosts[Number(name.slice(2)) - 1]?.[index] ?? 'ok';
          const { connect, tally } = scriptedConnect(() => ({}));
          const { rim, events } = makeRim({
            stop: stop.signal,
            signal: end.signal,
            graceMs: 3,
            connect: (host, signal) => {
              const mood = moodOf(host.name, 0);
              if (mood === 'hungConnect') return silentConnect(host, signal);
              if (mood === 'deadConnect')
                return brokenConnect(new Unreachable('refused', 'no'))(host, signal);
              return connect(host, signal);
            },
          });
          const steps = [0, 1, 2].map((index) =>
            step(
              `s${index}`,
              (context) => act(moodOf(context.host.name, index), context),
              judges ? { judgesUnreachable: true } : {},
            ),
          );
          const totals = await runPlan(
            makePlan(hosts.length, steps, { forks, deadlineMs: 20 }),
            rim,
          );
          checkStory(events, hosts.length, forks);
          expect(Object.values(totals.totals).reduce((sum, count) => sum + count, 0)).toBe(
            hosts.length,
          );
          expect(tally).toMatchObject({ closed: tally.opened, open: 0 });
          expect(tally.mostOpen).toBeLessThanOrEqual(forks);
        },
      ),
      { numRuns: 60 },
    );
  });

  function checkStory(events: readonly RunEvent[], hosts: number, forks: number): void {
    expect(events.at(-1)?.type).toBe('run.finished');
    expect(
      eventsOf(events, 'host.finished')
        .map(({ host }) => host)
        .sort(),
    ).toEqual(
      makeHosts(hosts)
        .map(({ name }) => name)
        .sort(),
    );
    let running = 0;
    for (const event of events) {
      if (event.type === 'host.started') running += 1;
      if (event.type === 'host.finished' && event.message !== 'not started: the run was stopped')
        running -= 1;
      expect(running).toBeLessThanOrEqual(forks);
    }
    for (const { name } of makeHosts(hosts)) {
      const own = events.filter((event) => 'host' in event && event.host === name);
      expect(own.at(-1)?.type).toBe('host.finished');
      const finished = own.flatMap((event) => (event.type === 'step.finished' ? [event.step] : []));
      expect(finished).toEqual(own[0]?.type === 'host.started' ? ['s0', 's1', 's2'] : []);
      const begun = own.flatMap((event) => (event.type === 'step.started' ? [event.step] : []));
      expect(finished.filter((id) => begun.includes(id))).toEqual(begun);
    }
  }

  it('ten thousand hosts are a matter of seconds, and one forgets nobody', async () => {
    const { rim, events } = makeRim();
    const use = step('use', async ({ connection }) => {
      await (await connection()).exec({ shell: 'sh', script: 'true', shown: 'true' });
      return ok;
    });
    const totals = await runPlan(
      makePlan(10_000, [use, step('b')], { forks: 64, deadlineMs: 60_000 }),
      rim,
    );
    expect(totals.totals).toEqual({ ok: 10_000 });
    expect(eventsOf(events, 'host.finished')).toHaveLength(10_000);
  });
});
