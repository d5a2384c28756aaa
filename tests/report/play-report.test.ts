import { describe, expect, it } from 'vitest';
import write from '../../src/catalog/formats/table.ts';
import type { RunEvent, RunEventBody, TaskFinished } from '../../src/model/event.ts';
import { renderDiffs } from '../../src/report/play-diff.ts';
import { renderTold } from '../../src/report/play-lines.ts';
import { foldPlayProgress, noPlayYet } from '../../src/report/play-progress.ts';
import { foldPlay } from '../../src/report/play-report.ts';
import { wordsOf } from '../../src/report/words.ts';

const begin = Date.parse('2026-09-01T00:30:00.000Z');
const stamp = (bodies: readonly RunEventBody[]): RunEvent[] =>
  bodies.map((body, index) => ({
    ...body,
    run: '20260901-003000-abc',
    seq: index + 1,
    at: new Date(begin + index * 1000).toISOString(),
  }));
const started = (...names: string[]): RunEventBody => ({
  type: 'run.started',
  kind: 'play',
  title: 'play desktop.yml',
  hosts: names.map((host) => ({ host, room: 'lab_a', seat: host.slice(1) })),
  steps: [],
  context: {},
});
const play = (...hosts: string[]): RunEventBody => ({
  type: 'play.started',
  play: 1,
  name: 'Desktop',
  hosts,
  batch: 1,
  batches: 1,
});
const task = (id: string, name: string): RunEventBody => ({
  type: 'task.started',
  play: 1,
  task: id,
  name,
  action: 'ansible.builtin.command',
  isHandler: false,
  place: `/srv/desktop.yml:${id.length + 4}`,
});
const row = (id: string, host: string, more: Partial<TaskFinished> = {}): RunEventBody => ({
  type: 'task.finished',
  task: id,
  host,
  outcome: 'ok',
  result: { changed: false },
  changes: [],
  durationMs: 10,
  ...more,
});
const failure = {
  outcome: 'failed',
  result: {
    msg: 'non-zero return code',
    rc: 2,
    cmd: ['ls', '/nope'],
    stderr: 'ls: no such file\n',
    stdout: '',
    changed: true,
    failed: true,
  },
} as const;
const tables = (events: readonly RunEvent[], columns = 80): string =>
  write.write(foldPlay(events), { columns, color: false, lang: 'en' });

describe('the report of a playbook', () => {
  const events = stamp([
    started('a01', 'a02', 'a03'),
    play('a01', 'a02', 'a03'),
    task('t', 'List the folder'),
    row('t', 'a01', failure),
    row('t', 'a02', failure),
    row('t', 'a03', { outcome: 'changed', result: { changed: true } }),
  ]);

  it("has the shape of Ansible's json callback", () => {
    const { document, schema } = foldPlay(events);
    expect(schema).toBe('lab.play/1');
    expect(document).toMatchObject({
      plays: [
        {
          play: { name: 'Desktop' },
          tasks: [
            {
              task: { name: 'List the folder', path: '/srv/desktop.yml:5' },
              hosts: {
                a01: { rc: 2, failed: true, action: 'ansible.builtin.command' },
                a03: { changed: true },
              },
            },
          ],
        },
      ],
      stats: {
        a01: { ok: 0, changed: 0, failures: 1, unreachable: 0, skipped: 0, rescued: 0, ignored: 0 },
        a03: { ok: 1, changed: 1, failures: 0 },
      },
      totals: { failed: 2, changed: 1 },
    });
  });

  it('counts what hosts came to in all plays and batches, each of which ends with the counts so far', () => {
    const counts = { ok: 1, changed: 0, unreachable: 0, failures: 0, skipped: 0, rescued: 0 };
    const own = { ...counts, ignored: 0 };
    const lost = { ...own, ok: 0, failures: 1 };
    const whole = [
      started('a01', 'a02'),
      { ...play('a01'), batches: 2 },
      { type: 'play.finished', stats: { a01: own } },
      { ...play('a02'), batch: 2, batches: 2 },
      { type: 'play.finished', stats: { a02: lost }, stopped: 'no host of the batch is left' },
    ] as readonly RunEventBody[];
    expect(foldPlay(stamp(whole)).document).toMatchObject({
      stats: { a01: { ok: 1 }, a02: { failures: 1 } },
      totals: { ok: 1, failed: 1 },
      stopped: 'no host of the batch is left',
    });
    const again = [
      ...whole,
      play('a01'),
      { type: 'play.finished', stats: { a01: { ...own, ok: 3 } } },
    ] as readonly RunEventBody[];
    expect(foldPlay(stamp(again)).document).toMatchObject({ stats: { a01: { ok: 3 } } });
  });

  it('tells a failure once for all hosts it met alike, with what was run and printed', () => {
    const text = tables(events);
    expect(text).toContain('failed: List the folder  a[01-02]');
    expect(text).toContain('non-zero return code (rc 2)');
    expect(text).toContain('ran: ls /nope');
    expect(text).toContain('ls: no such file');
    expect(text.match(/no such file/g)).toHaveLength(1);
    expect(text).toContain('at /srv/desktop.yml:5');
  });

  it('shows nothing a host printed as a terminal would obey it', () => {
    const evil = {
      outcome: 'failed',
      result: { msg: '\x1b[2J\u202e', stderr: '\x1b]0;x\x07' },
    } as const;
    const text = tables(
      stamp([started('a01'), play('a01'), task('t', 'T'), row('t', 'a01', evil)]),
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/);
  });

  it('names a host nobody came to as skipped, not as well', () => {
    const text = foldPlay(
      stamp([started('a01', 'a02'), play('a01'), task('t', 'T'), row('t', 'a01')]),
    );
    expect(text.document['totals']).toEqual({ ok: 1, skipped: 1 });
  });
});

describe('what modules warn of', () => {
  it('is told once for all hosts that were warned alike', () => {
    const warned = { result: { changed: false, warnings: ['no hash', 'no hash'] } };
    const text = tables(
      stamp([
        started('a01', 'a02', 'a03'),
        play('a01', 'a02', 'a03'),
        task('t', 'Accounts'),
        row('t', 'a01', warned),
        row('t', 'a02'),
        row('t', 'a03', warned),
      ]),
    );
    expect(text).toContain('warning: Accounts  a[01,03]\n  no hash\n\n');
  });
});

describe('what a playbook altered', () => {
  it('is told as a wish in a dry run', () => {
    const run = (check: boolean) =>
      tables(
        stamp([
          { ...started('a01'), context: { check, diff: true } } as RunEventBody,
          play('a01'),
          task('t', 'T'),
          row('t', 'a01', {
            outcome: 'changed',
            result: { changed: true },
            changes: [{ summary: 'write /etc/motd' }],
          }),
        ]),
      );
    expect(run(true)).toContain('would change: T  a01\n  write /etc/motd');
    expect(run(false)).toContain('changed: T  a01\n  write /etc/motd');
    expect(run(false)).not.toContain('would');
  });
});

describe('the progress of a playbook', () => {
  it('tells a task once no host can still come to it, in order', () => {
    const events = stamp([
      started('a01', 'a02'),
      play('a01', 'a02'),
      task('t1', 'One'),
      row('t1', 'a01'),
      task('t2', 'Two'),
      row('t2', 'a01'),
      row('t1', 'a02', failure),
    ]);
    let state = noPlayYet;
    const told = events.map((event) => {
      const next = foldPlayProgress(state, event);
      state = next.state;
      return next.told.map((each) => (each.kind === 'task' ? each.task.name : each.kind));
    });
    expect(told).toEqual([[], ['play'], [], [], [], [], ['row', 'One', 'Two']]);
  });
});

describe('what is told of a playbook while it runs', () => {
  const says = (host: string, msg: string) => row('t', host, { result: { changed: false, msg } });

  it('says below the line of the task what debug said, once for all hosts that said the same', () => {
    const events = stamp([
      started('a01', 'a02', 'a03'),
      play('a01', 'a02', 'a03'),
      { ...task('t', 'Tell'), action: 'ansible.builtin.debug' } as RunEventBody,
      says('a02', 'two\nlines'),
      says('a01', 'one'),
      says('a03', 'one'),
    ]);
    const lines: string[] = [];
    let state = noPlayYet;
    for (const event of events) {
      const next = foldPlayProgress(state, event);
      state = next.state;
      lines.push(
        ...next.told.flatMap((told) => renderTold(told, wordsOf('en'))).map(({ text }) => text),
      );
    }
    expect(lines).toEqual([
      'Desktop (3 hosts)',
      'Tell  3 ok',
      '  a02: two',
      '  a02: lines',
      '  a[01,03]: one',
    ]);
  });
});

describe('renderDiffs', () => {
  it('shows the lines that differ with three around them', () => {
    const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].join('\n');
    expect(
      renderDiffs([{ before: `${before}\n`, after: `${before.replace('e', 'E')}\n` }]),
    ).toEqual([
      '  --- before',
      '  +++ after',
      '   b',
      '   c',
      '   d',
      '  -e',
      '  +E',
      '   f',
      '   g',
      '   h',
    ]);
  });

  it('says nothing of what is the same', () => {
    expect(renderDiffs([{ before: 'a\n', after: 'a\n' }])).toEqual([]);
  });
});
