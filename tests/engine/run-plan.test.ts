import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Rim, runPlan } from '../../src/engine/run-plan.ts';
import { Unreachable } from '../../src/model/connection.ts';
import { LabError } from '../../src/model/lab-error.ts';
import type { Plan, Step, StepResult } from '../../src/model/plan.ts';
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
});
