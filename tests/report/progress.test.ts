import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { displayWidth } from '../../src/model/display.ts';
import type { RunEvent, RunEventBody } from '../../src/model/event.ts';
import { openProgress, type ProgressClock } from '../../src/report/progress.ts';
import { estimateMs, renderLive } from '../../src/report/progress-lines.ts';
import { foldProgress, noProgress, type ProgressState } from '../../src/report/progress-state.ts';
import { wordsOf } from '../../src/report/words.ts';

const begin = Date.parse('2026-09-01T00:30:00.000Z');
const words = wordsOf('en');

function stamp(bodies: readonly (RunEventBody & { readonly afterMs?: number })[]): RunEvent[] {
  return bodies.map(({ afterMs = 0, ...body }, index) => ({
    ...(body as RunEventBody),
    run: 'r1',
    seq: index + 1,
    at: new Date(begin + afterMs).toISOString(),
  }));
}
const hosts = (...names: string[]) => names.map((host) => ({ host, room: '', seat: '' }));
const started = (...names: string[]): RunEventBody => ({
  type: 'run.started',
  kind: 'check',
  title: 't',
  hosts: hosts(...names),
  steps: [{ id: 'disk', title: 'Enough free space.' }],
  context: {},
});
const fold = (bodies: Parameters<typeof stamp>[0]): ProgressState =>
  stamp(bodies).reduce((state, event) => foldProgress(state, event).state, noProgress);
const view = (more: { columns?: number; rows?: number; nowMs?: number; kept?: number } = {}) => ({
  columns: 80,
  rows: 24,
  nowMs: begin,
  kept: 0,
  words,
  ...more,
});

/** A clock and a terminal that tests move by hand. */
function openStage({ isTTY = true, columns = 80, rows = 24 } = {}) {
  const works: (() => void)[] = [];
  const stopped: string[] = [];
  let written = '';
  let nowMs = begin;
  const clock: ProgressClock = {
    now: () => nowMs,
    every: (_, work) => {
      works.push(work);
      return () => stopped.push('timer');
    },
    onExit: () => () => stopped.push('exit'),
  };
  const out = {
    write: (text: string) => {
      written += text;
    },
    isTTY,
    columns: () => (isTTY ? columns : undefined),
    rows: () => (isTTY ? rows : undefined),
    onResize: () => () => stopped.push('resize'),
  };
  return {
    clock,
    out,
    stopped,
    tick: (ms = 100) => {
      nowMs += ms;
      for (const work of works) work();
    },
    take: () => {
      const text = written;
      written = '';
      return text;
    },
  };
}
const settings = { lang: 'en', color: false, quiet: false } as const;

describe('the state', () => {
  test('knows who runs, what they do and how the others ended', () => {
    const state = fold([
      started('a01', 'a02', 'a03'),
      { type: 'host.started', host: 'a01' },
      { type: 'step.started', host: 'a01', step: 'disk' },
      { type: 'host.started', host: 'a02' },
      { type: 'host.finished', host: 'a02', outcome: 'ok', durationMs: 10 },
    ]);
    expect(state.total).toBe(3);
    expect([...state.running]).toEqual([
      ['a01', { sinceMs: begin, doing: 'Enough free space.', trouble: '' }],
    ]);
    expect([...state.counts]).toEqual([['ok', 1]]);
  });

  test('a finished host says the first thing that went wrong', () => {
    const events = stamp([
      started('a01'),
      { type: 'host.started', host: 'a01' },
      {
        type: 'step.finished',
        host: 'a01',
        step: 'disk',
        outcome: 'failed',
        changes: [],
        judgement: { verdict: 'fail', found: '1 GiB free' },
        durationMs: 1,
      },
      {
        type: 'step.finished',
        host: 'a01',
        step: 'ram',
        outcome: 'failed',
        changes: [],
        message: 'later',
        durationMs: 1,
      },
      { type: 'host.finished', host: 'a01', outcome: 'failed', durationMs: 5 },
    ]);
    const said = events.reduce<{ state: ProgressState; said?: string }>(
      ({ state }, event) => {
        const next = foldProgress(state, event);
        return { state: next.state, ...(next.finished && { said: next.finished.said }) };
      },
      { state: noProgress },
    );
    expect(said.said).toBe('disk: 1 GiB free');
  });

  test('results that come after a host ended do not bring it back', () => {
    const state = fold([
      started('a01'),
      { type: 'host.started', host: 'a01' },
      { type: 'host.finished', host: 'a01', outcome: 'ok', durationMs: 5 },
      {
        type: 'step.finished',
        host: 'a01',
        step: 'disk',
        outcome: 'failed',
        changes: [],
        durationMs: 0,
        revised: true,
      },
    ]);
    expect(state.running.size).toBe(0);
  });

  test('gives an estimate only when some hosts are done', () => {
    const state = { ...noProgress, total: 64, done: 16, startedMs: begin };
    expect(estimateMs(state, begin + 10_000)).toBe(30_000);
    expect(estimateMs({ ...state, done: 2 }, begin + 10_000)).toBeUndefined();
    expect(estimateMs({ ...state, done: 64 }, begin + 10_000)).toBeUndefined();
  });
});

describe('the live lines', () => {
  test('are one a host and a bar with counts', () => {
    const state = fold([
      started('a01', 'a02', '王'),
      { type: 'host.started', host: 'a01' },
      { type: 'step.started', host: 'a01', step: 'disk' },
      { type: 'host.started', host: '王' },
      { type: 'host.finished', host: 'a02', outcome: 'failed', durationMs: 10 },
    ]);
    expect(renderLive(state, view({ nowMs: begin + 3400 }))).toEqual([
      'a01    3 s  Enough free space.',
      '王     3 s  ',
      `${'█'.repeat(6)}${'░'.repeat(14)} 1 of 3 hosts  1 failed`,
    ]);
  });

  test('leave up to a third of the screen to failures printed above', () => {
    const names = Array.from({ length: 64 }, (_, index) => `a${index}`);
    const state = fold([
      started(...names),
      ...names.map((host) => ({ type: 'host.started', host }) as const),
    ]);
    expect(renderLive(state, view())).toHaveLength(23);
    expect(renderLive(state, view({ kept: 3 }))).toHaveLength(20);
    expect(renderLive(state, view({ kept: 40 }))).toHaveLength(15);
  });

  test('never fill the screen and never reach its edge, whatever hosts are called', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.constantFrom('a01', '计算机实验室一号的第一台电脑', '👨‍👩‍👧'),
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { minLength: 1, maxLength: 70 }),
        fc.integer({ min: 2, max: 120 }),
        fc.integer({ min: 1, max: 30 }),
        (names, columns, rows) => {
          const lines = renderLive(
            fold([
              started(...names),
              ...names.map((host) => ({ type: 'host.started', host }) as const),
            ]),
            view({ columns, rows }),
          );
          expect(lines.length).toBeLessThanOrEqual(Math.max(1, rows - 1));
          for (const line of lines) {
            expect(displayWidth(line)).toBeLessThan(columns);
            expect(line).not.toMatch(/\p{Cc}/u);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('on a terminal', () => {
  test('writes at most once a tick and nothing when nothing changed', () => {
    const stage = openStage();
    const progress = openProgress(stage.out, stage.clock, settings);
    for (const event of stamp([
      started('a01', 'a02'),
      { type: 'host.started', host: 'a01' },
      { type: 'host.started', host: 'a02' },
    ]))
      progress.take(event);
    expect(stage.take()).toBe('');
    stage.tick();
    expect(stage.take()).toContain('0 of 2 hosts');
    stage.tick();
    expect(stage.take()).toBe('');
  });

  test('prints failures above the live lines, once, and gives the cursor back at the end', () => {
    const stage = openStage();
    const progress = openProgress(stage.out, stage.clock, settings);
    const events = stamp([
      started('a01', 'a02'),
      { type: 'host.started', host: 'a01' },
      { type: 'host.started', host: 'a02' },
      {
        type: 'host.finished',
        host: 'a01',
        outcome: 'unreachable',
        reason: 'no-route',
        message: 'no answer \x1b[2J',
        durationMs: 3000,
      },
    ]);
    for (const event of events) progress.take(event);
    stage.tick();
    expect(stage.take()).toBe(
      `\x1b[?25la01  unreachable  3.0 s  no-route: no answer \\x1b[2J\na02    0 s  \n${'█'.repeat(10)}${'░'.repeat(10)} 1 of 2 hosts  1 unreachable\n`,
    );
    progress.close();
    expect(stage.take()).toBe(
      '\x1b[2A\r\x1b[K\x1b[1B\x1b[J\x1b[1A1 of 2 hosts  1 unreachable\n\x1b[?25h',
    );
    progress.close();
    expect(stage.take()).toBe('');
    expect(stage.stopped.sort()).toEqual(['exit', 'resize', 'timer']);
  });

  test('what is said stays above the live lines', () => {
    const stage = openStage();
    const progress = openProgress(stage.out, stage.clock, settings);
    for (const event of stamp([started('a01')])) progress.take(event);
    progress.say('stopping');
    stage.tick();
    expect(stage.take()).toMatch(/stopping\n.*0 of 1 host\n$/s);
  });
});

describe('elsewhere', () => {
  test('writes a plain line for every finished host, and counts now and then', () => {
    const stage = openStage({ isTTY: false });
    const progress = openProgress(stage.out, stage.clock, settings);
    const events = stamp([
      started('a01', 'a02', 'a03'),
      { type: 'host.started', host: 'a01' },
      { type: 'host.finished', host: 'a01', outcome: 'ok', durationMs: 1234 },
      {
        type: 'host.finished',
        host: 'a02',
        outcome: 'unreachable',
        reason: 'timeout',
        message: '\x1b[31mno\r\n',
        durationMs: 10_000,
      },
    ]);
    for (const event of events) progress.take(event);
    stage.tick();
    stage.tick();
    progress.close();
    expect(stage.take()).toBe(
      'a01  ok  1.2 s\na02  unreachable  10 s  timeout: \\x1b[31mno\\r\\n\n2 of 3 hosts  1 ok  1 unreachable\n',
    );
  });

  test('quiet says only what must be said', () => {
    const stage = openStage();
    const progress = openProgress(stage.out, stage.clock, { ...settings, quiet: true });
    for (const event of stamp([
      started('a01'),
      { type: 'host.finished', host: 'a01', outcome: 'failed', durationMs: 1 },
    ]))
      progress.take(event);
    stage.tick();
    progress.say('stopping');
    progress.close();
    expect(stage.take()).toBe('stopping\n');
  });
});
