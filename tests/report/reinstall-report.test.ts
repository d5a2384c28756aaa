import { describe, expect, it } from 'vitest';
import table from '../../src/catalog/formats/table.ts';
import { displayWidth } from '../../src/model/display.ts';
import type { RunEvent, RunEventBody } from '../../src/model/event.ts';
import { renderBootRow } from '../../src/report/boot-row.ts';
import { renderLive } from '../../src/report/progress-lines.ts';
import { foldProgress, noProgress } from '../../src/report/progress-state.ts';
import { foldReinstall } from '../../src/report/reinstall-report.ts';
import { wordsOf } from '../../src/report/words.ts';

const progress = { doneBytes: 42e6, totalBytes: 100e6, bytesPerSecond: 5.8e6 };
const row = { room: 'lab_a', seat: '三排七座' };
const started: RunEventBody = {
  type: 'run.started',
  kind: 'reinstall',
  title: 'reinstall lab_a',
  hosts: [
    { host: 'a01', ...row },
    { host: 'a02', ...row },
  ],
  steps: [],
  context: {
    rows: [{ host: 'a01', profile: 'debian-12', diskShown: 'S1 256 GB' }],
    refused: [{ host: 'a03', why: 'it is protected', hint: 'remove protected' }],
  },
};
const bodies: RunEventBody[] = [
  started,
  { type: 'host.started', host: 'a01' },
  { type: 'host.started', host: 'a02' },
  { type: 'host.boot', host: 'a01', stage: 'armed', evidence: 'x' },
  {
    ...{ type: 'host.boot', host: 'a01', stage: 'writing', evidence: 'told from 10.1.1.9' },
    reachedAt: '2026-11-23T08:00:30.000Z',
  },
  { type: 'host.boot', host: 'a01', stage: 'writing', evidence: '', progress },
  {
    ...{ type: 'step.finished', host: 'a02', step: 'install', outcome: 'failed', changes: [] },
    ...{ durationMs: 5, message: 'identity: 另一台电脑有它的网卡地址' },
    data: { stage: 'identity', reason: '另一台电脑有它的网卡地址', hint: '请核对登记表后重试' },
  },
  { type: 'host.finished', host: 'a01', outcome: 'changed', durationMs: 61_000 },
  { type: 'host.finished', host: 'a02', outcome: 'failed', durationMs: 9_000 },
  { type: 'run.finished', outcome: 'finished', totals: { changed: 1, failed: 1 } },
];
const events = bodies.map(
  (body, index): RunEvent => ({
    ...{ ...body, run: 'r', seq: index + 1 },
    at: `2026-11-23T08:00:${String(index).padStart(2, '0')}.000Z`,
  }),
);

describe('the report of a reinstallation', () => {
  it('has each host with its stages at their own times, what it was promised, and why not', () => {
    const { document, schema } = foldReinstall(events);
    expect(schema).toBe('lab.reinstall/1');
    expect(document['totals']).toEqual({ ok: 1, failed: 1, skipped: 1 });
    const [a01, a02, a03] = document['hosts'] as { [key: string]: unknown }[];
    expect(a01).toMatchObject({
      ...{ host: 'a01', outcome: 'ok', stage: 'writing', profile: 'debian-12', disk: 'S1 256 GB' },
      stages: [
        { stage: 'armed', at: '2026-11-23T08:00:03.000Z', evidence: 'x' },
        { stage: 'writing', at: '2026-11-23T08:00:30.000Z', evidence: 'told from 10.1.1.9' },
      ],
    });
    expect(a02).toMatchObject({ outcome: 'failed', stage: 'identity', hint: '请核对登记表后重试' });
    expect(a03).toMatchObject({ host: 'a03', outcome: 'skipped', reason: 'it is protected' });
  });

  it('keeps to 80 columns with Chinese seats and reasons', () => {
    for (const lang of ['en', 'zh-CN'] as const) {
      const text = table.write(foldReinstall(events, lang), { columns: 80, color: false, lang });
      for (const line of text.split('\n')) expect(displayWidth(line), line).toBeLessThanOrEqual(80);
      expect(text).toContain('27.0');
    }
  });
});

describe('one installation in a line', () => {
  it('shows bar, rate and what is left while the disk is written, and else how long it is at its stage', () => {
    expect(renderBootRow({ stage: 'writing', stageMs: 5_000, progress })).toBe(
      'writing ████░░░░░░  42 %  5.8 MB/s  10 s',
    );
    expect(renderBootRow({ stage: 'dhcp', stageMs: 65_000 })).toBe('dhcp  1 min 05 s');
    expect(renderBootRow({ stage: 'installed', stageMs: 1_000, progress })).toBe(
      'installed  1.0 s',
    );
  });

  it('never breaks on numbers that a target made up', () => {
    const odd = { doneBytes: 9e9, totalBytes: 1, bytesPerSecond: -5 };
    expect(renderBootRow({ stage: 'writing', stageMs: 0, progress: odd })).toBe(
      'writing ██████████ 100 %',
    );
  });

  it('stands in the live view of a run', () => {
    const state = events
      .slice(0, 6)
      .reduce((now, event) => foldProgress(now, event).state, noProgress);
    const view = { columns: 80, rows: 24, nowMs: Date.parse('2026-11-23T08:00:40Z'), kept: 0 };
    const lines = renderLive(state, { ...view, words: wordsOf('zh-CN') });
    expect(lines[0]).toContain('writing ████░░░░░░  42 %');
    for (const line of lines) expect(displayWidth(line)).toBeLessThan(80);
  });
});
