import { afterEach, describe, expect, test, vi } from 'vitest';
import table from '../../src/catalog/formats/table.ts';
import { renderDuration } from '../../src/report/duration.ts';
import { reportRuns } from '../../src/report/runs-report.ts';

const run = {
  run: 'r1',
  kind: 'check',
  title: 'check lab_a',
  who: 'zhang@office-7',
  startedAt: '2026-09-01T00:30:00.000Z',
  finishedAt: '2026-09-01T00:30:12.000Z',
  state: 'finished',
  hosts: 64,
  totals: { ok: 60, failed: 4, unreachable: 0 },
} as const;

describe('the list of runs', () => {
  afterEach(() => vi.unstubAllEnvs());

  test('says when by the clock on the wall, by whom, what and how it ended', () => {
    vi.stubEnv('TZ', 'Asia/Shanghai');
    const { tables, document, schema } = reportRuns(
      [run, { ...run, run: 'r2', finishedAt: '', state: 'interrupted', totals: {} }],
      '2026-09-01T01:00:00.000Z',
      'en',
    );
    expect(schema).toBe('lab.runs/1');
    expect(tables[0]?.rows).toEqual([
      ['r1', '2026-09-01 08:30', 'zhang', 'check', 'finished', '64', '60 ok, 4 failed'],
      ['r2', '2026-09-01 08:30', 'zhang', 'check', 'interrupted', '64', ''],
    ]);
    expect((document['runs'] as readonly unknown[])[0]).toEqual(run);
  });

  test('fits 80 columns with whole words, and counts in the same order in every line', () => {
    vi.stubEnv('TZ', 'UTC');
    const totals = { unreachable: 2, failed: 1, ok: 61 };
    const report = reportRuns([{ ...run, run: '20260901-003000-k3f', totals }], '', 'zh-CN');
    expect(table.write(report, { columns: 80, color: false, lang: 'zh-CN' }).split('\n')).toEqual([
      '运行                 时间              执行人  类型   状态  主机  合计',
      '───────────────────  ────────────────  ──────  ─────  ────  ────  ──────────────',
      '20260901-003000-k3f  2026-09-01 00:30  zhang   check  完成    64  61 台正常，1',
      '                                                                  台失败，2 台无',
      '                                                                  法连接',
      '',
    ]);
  });

  test('says that there are none', () => {
    expect(reportRuns([], '', 'zh-CN').tables[0]?.notes).toEqual(['还没有运行记录。']);
  });
});

test.each([
  [0, '0.0 s'],
  [420, '0.4 s'],
  [9949, '9.9 s'],
  [9950, '10 s'],
  [59_600, '1 min 00 s'],
  [185_000, '3 min 05 s'],
  [3_720_000, '1 h 02 min'],
  [-5, '0.0 s'],
])('%i ms are %s', (durationMs, text) => {
  expect(renderDuration(durationMs)).toBe(text);
});
