import { describe, expect, it } from 'vitest';
import json from '../../src/catalog/formats/json.ts';
import junit from '../../src/catalog/formats/junit.ts';
import table from '../../src/catalog/formats/table.ts';
import type { RunEvent, RunEventBody } from '../../src/model/event.ts';
import type { Value } from '../../src/model/value.ts';
import { exitCodeOf } from '../../src/report/exit-code.ts';
import { foldRun } from '../../src/report/fold-run.ts';
import { recordEvents } from '../helpers/record-events.ts';

const settings = { columns: 80, color: false, lang: 'en' } as const;

/** What one host of a run did, shortened. */
interface Story {
  readonly data?: { readonly [key: string]: Value };
  readonly end?: Partial<Extract<RunEventBody, { type: 'host.finished' }>>;
}

function tell(
  hosts: { readonly [name: string]: Story },
  context: { readonly [key: string]: Value } = {},
  kind = 'run',
): RunEvent[] {
  const { emit, events } = recordEvents('20261123-134512-k3f');
  const names = Object.keys(hosts).map((host) => ({ host, room: '', seat: '' }));
  const steps = [{ id: 'command', title: 'uptime' }];
  emit({ type: 'run.started', kind, title: 'run uptime', hosts: names, steps, context });
  for (const [host, { data, end = {} }] of Object.entries(hosts)) {
    const outcome = end.outcome ?? 'ok';
    if (data)
      emit({
        type: 'step.finished',
        host,
        step: 'command',
        outcome,
        changes: [],
        data,
        durationMs: 5,
      });
    emit({ type: 'host.finished', host, outcome, durationMs: 12, ...end });
  }
  emit({ type: 'run.finished', outcome: 'finished', totals: {} });
  return events;
}

const said = (stdout: string, more: { readonly [key: string]: Value } = {}): Story => ({
  data: { exitCode: 0, signal: null, stdout, stderr: '', droppedBytes: 0, ...more },
});
const off: Story = {
  end: { outcome: 'unreachable', reason: 'no-route', message: '10.0.0.9: no route to host' },
};

describe('foldRun', () => {
  it('gives the JSON document that docs/cli.md promises', () => {
    const failed: Story = {
      ...said('', { exitCode: 3, stderr: 'no\n' }),
      end: { outcome: 'failed', message: 'exit code 3' },
    };
    const report = foldRun(tell({ pc1: said('up\n'), pc2: failed, pc3: off }));
    expect(JSON.parse(json.write(report, settings))).toMatchObject({
      schema: 'lab.run/1',
      run: '20261123-134512-k3f',
      startedAt: '2026-11-23T13:45:00.001Z',
      finishedAt: '2026-11-23T13:45:00.007Z',
      totals: { ok: 1, failed: 1, unreachable: 1 },
      hosts: [
        {
          host: 'pc1',
          outcome: 'ok',
          exitCode: 0,
          stdout: 'up\n',
          stderr: '',
          durationMs: 12,
          reason: null,
        },
        { host: 'pc2', outcome: 'failed', exitCode: 3, stderr: 'no\n' },
        { host: 'pc3', outcome: 'unreachable', exitCode: null, stdout: '', reason: 'no-route' },
      ],
    });
  });

  it('is one table while every output is a line', () => {
    const report = foldRun(tell({ pc1: said('6.1.0\n'), pc2: off }));
    expect(table.write(report, settings)).toBe(
      [
        'run uptime · 20261123-134512-k3f',
        '',
        'host  outcome      exit  output',
        '────  ───────────  ────  ──────────────────────────',
        'pc1   ok              0  6.1.0',
        'pc2   unreachable        10.0.0.9: no route to host',
        '',
        '1 ok, 1 unreachable',
        '',
      ].join('\n'),
    );
  });

  it('is a block for each host once an output has several lines, and says what was cut', () => {
    const report = foldRun(
      tell({ pc1: said('a\n\tb\n'), pc2: said('c\n', { droppedBytes: 9, stderr: 'd' }) }),
    );
    expect(report.tables.map(({ title, notes }) => [title, ...notes])).toEqual([
      ['pc1: ok', 'a', '        b'],
      ['pc2: ok', 'c', 'stderr:', 'd', '… 9 more bytes were not kept'],
      ['', '2 ok'],
    ]);
  });

  it('folds equal outputs when asked to, the most frequent first', () => {
    const hosts = {
      pc01: said('x\n'),
      pc02: off,
      pc03: said('y\n'),
      pc04: said('y\n'),
      pc05: off,
      pc06: said('y\n'),
    };
    const [first] = foldRun(tell(hosts, { gather: true })).tables;
    expect(first?.rows).toEqual([
      ['pc[03-04,06] (3 hosts)', 'ok', '0', 'y'],
      ['pc[02,05] (2 hosts)', 'unreachable', '', 'no-route'],
      ['pc01', 'ok', '0', 'x'],
    ]);
  });

  it('never lets a host write to the terminal', () => {
    const text = table.write(
      foldRun(tell({ pc1: said('\x1b[2J\u202e\x07\n'), pc2: said('a\n\x1b]0;x\x07b\n') })),
      settings,
    );
    expect(
      [...text].filter((letter) => (letter < ' ' && letter !== '\n') || letter === '\u202e'),
    ).toEqual([]);
  });

  it('calls hosts that a killed run never finished cancelled, never ok', () => {
    const events = tell({ pc1: said('up\n'), pc2: said('up\n') }).slice(0, 4);
    const report = foldRun(events);
    expect(report.records.rows.map((row) => [row['outcome'], row['message']])).toEqual([
      ['ok', ''],
      ['cancelled', 'the run ended before this host was finished'],
    ]);
    expect(report.finishedAt).toBe(events.at(-1)?.at);
  });

  it('shows what a command had said when it was ended before its time', () => {
    const { emit, events } = recordEvents();
    const place = { host: 'pc1', step: 'command' };
    const [begun] = tell({ pc1: off });
    if (begun) emit(begun);
    emit({ type: 'step.output', ...place, stream: 'stdout', text: 'begun\n' });
    emit({ type: 'step.output', ...place, stream: 'stderr', text: 'hm' });
    emit({ type: 'step.output', ...place, stream: 'stdout', text: 'more\n' });
    const end = {
      outcome: 'unreachable',
      reason: 'deadline',
      message: 'not done after 5 s',
    } as const;
    emit({ type: 'step.finished', ...place, changes: [], durationMs: 5_000, ...end });
    emit({ type: 'host.finished', host: 'pc1', durationMs: 5_000, ...end });
    const { records, tables } = foldRun(events);
    expect(records.rows[0]).toMatchObject({
      exitCode: null,
      stdout: 'begun\nmore\n',
      stderr: 'hm',
    });
    expect(tables[0]?.notes).toEqual(['begun', 'more', 'stderr:', 'hm', 'not done after 5 s']);
  });

  it('counts what could not be found out as an error for JUnit, not as a failure', () => {
    const text = junit.write(foldRun(tell({ pc1: said('up\n'), pc2: off })), settings);
    expect(text).toContain('errors="1"');
    expect(text).toContain('failures="0"');
  });

  it('gives the same bytes for the same events, and after a way through JSON', () => {
    const events = tell({ pc1: said('王芳\n'), pc2: off }, { gather: true });
    const again = JSON.parse(JSON.stringify(events)) as RunEvent[];
    for (const format of [table, json, junit])
      expect(format.write(foldRun(again), settings)).toBe(format.write(foldRun(events), settings));
  });

  it('speaks Chinese when asked to', () => {
    const failed: Story = { ...said('a\nb\n', { exitCode: 3 }), end: { outcome: 'failed' } };
    const [first, last] = foldRun(tell({ pc1: said('x'), pc2: off }), 'zh-CN').tables;
    expect(first?.columns.map(({ title }) => title)).toEqual(['主机', '结果', '退出码', '输出']);
    expect(last?.notes).toEqual(['1 台正常，1 台无法连接']);
    const [block] = foldRun(tell({ pc1: failed, pc2: failed }, { gather: true }), 'zh-CN').tables;
    expect(block?.title).toBe('pc[1-2]（2 台主机）：失败（退出码 3）');
  });

  it('tells of copies, fetches and hosts that were not finished in Chinese, too', () => {
    const doubt = { bytes: 9, verified: false };
    const changed = { outcome: 'changed' } as const;
    const tellZh = (
      kind: string,
      data: NonNullable<Story['data']>,
      events = tell({ pc1: { data, end: changed } }, {}, kind),
    ) => foldRun(events, 'zh-CN').tables[0];
    const copied = tellZh('copy', { files: 3, sent: 1, ...doubt });
    expect(copied?.columns.map(({ title }) => title)).toEqual(['主机', '结果', '说明']);
    expect(copied?.rows[0]?.slice(1)).toEqual([
      '已更改',
      '已发送 1 / 3 个文件（9 字节），未校验：主机上没有 sha256sum',
    ]);
    expect(tellZh('fetch', { path: '/x', ...doubt })?.rows[0]?.[2]).toBe(
      '/x（9 字节），未校验：读取期间文件有变化',
    );
    const killed = tell({ pc1: said('') }, {}, 'copy').slice(0, 1);
    expect(foldRun(killed, 'zh-CN').tables[0]?.rows).toEqual([
      ['pc1', '已取消', '运行结束时这台主机还没有完成'],
    ]);
  });

  it('counts what is well first, whichever host comes first', () => {
    const report = foldRun(tell({ pc1: off, pc2: said('up') }));
    expect(report.tables.at(-1)?.notes).toEqual(['1 ok, 1 unreachable']);
    expect(Object.keys(report.document['totals'] ?? {})).toEqual(['unreachable', 'ok']);
  });

  it('tells of a copy how much was sent, and when nobody could verify it', () => {
    const data = { files: 3, sent: 1, modes: 0, bytes: 9, verified: false };
    const report = foldRun(
      tell({ pc1: { data, end: { outcome: 'changed' } }, pc2: off }, {}, 'copy'),
    );
    expect(report.schema).toBe('lab.copy/1');
    expect(report.tables[0]?.rows).toEqual([
      ['pc1', 'changed', '1 of 3 files sent (9 bytes), not verified: no sha256sum there'],
      ['pc2', 'unreachable', '10.0.0.9: no route to host'],
    ]);
    expect(report.records.rows[0]).toMatchObject({
      host: 'pc1',
      outcome: 'changed',
      sent: 1,
      verified: false,
    });
  });

  it('tells of a fetch where the file is', () => {
    const data = { path: '/x/pc1/etc/hosts', bytes: 9, sha256: 'ab', verified: true };
    const report = foldRun(tell({ pc1: { data, end: { outcome: 'changed' } } }, {}, 'fetch'));
    expect([report.schema, report.tables[0]?.rows[0]?.[2]]).toEqual([
      'lab.fetch/1',
      '/x/pc1/etc/hosts (9 bytes)',
    ]);
  });
});

describe('exitCodeOf', () => {
  const refused = new Map([['pc1', { refused: true }]]);
  it.each([
    [{ totals: { ok: 3, changed: 1, skipped: 1 } }, 0],
    [{ totals: { pass: 3, warn: 1 } }, 0],
    [{ totals: { ok: 3, failed: 1, unreachable: 1 } }, 2],
    [{ totals: { pass: 3, fail: 1, unknown: 1 } }, 2],
    [{ totals: { ok: 3, unreachable: 1 } }, 4],
    [{ totals: { pass: 3, unknown: 1 } }, 4],
    [{ totals: { ok: 1, failed: 1 }, hosts: refused }, 6],
    [{ totals: { ok: 1, failed: 2 }, hosts: refused }, 2],
    [{ totals: { ok: 1, failed: 1, cancelled: 1 }, outcome: 'cancelled' as const }, 130],
    [{ totals: { ok: 1, failed: 1 }, bugs: [new Error()] }, 1],
  ])('of %j is %i', (ending, code) => {
    expect(exitCodeOf(ending)).toBe(code);
  });
});
