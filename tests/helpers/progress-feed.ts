// A run of 64 PCs fed to the real progress on a real terminal; waits for a key when half of them are done.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunEventBody } from '../../src/model/event.ts';
import { openProgress } from '../../src/report/progress.ts';
import { openProgressClock } from '../../src/report/progress-clock.ts';

const { stderr } = process;
const out = {
  write: (text: string) => void stderr.write(text),
  isTTY: stderr.isTTY === true,
  columns: () => stderr.columns,
  rows: () => stderr.rows,
  onResize: (listener: () => void) => {
    stderr.on('resize', listener);
    return () => stderr.off('resize', listener);
  },
};
const progress = openProgress(out, openProgressClock(), {
  lang: 'zh-CN',
  color: true,
  quiet: false,
});
let seq = 0;
const take = (body: RunEventBody): void => {
  seq += 1;
  progress.take({ ...body, run: 'r1', seq, at: new Date().toISOString() });
};

const names = Array.from({ length: 64 }, (_, index) => `a${String(index + 1).padStart(2, '0')}`);
const steps = [
  {
    id: 'disk-free',
    title: '检查系统盘剩余空间，并与机房规定的最低值比较，然后报告结果；这一行很长很长，放不下',
  },
];
const hosts = names.map((host) => ({ host, room: 'lab_a', seat: host }));
take({ type: 'run.started', kind: 'check', title: 'check lab_a', hosts, steps, context: {} });
for (const host of names) {
  take({ type: 'host.started', host });
  take({ type: 'step.started', host, step: 'disk-free' });
}
for (const [index, host] of names.entries()) {
  if (index === 32) await once(process.stdin, 'data');
  // Some redraws while the live lines still begin at the screen's first line.
  await sleep(index < 3 ? 150 : 15);
  const message =
    '磁盘几乎已满：只剩下很少的空间，请尽快清理系统盘上不再需要的文件，或更换更大的磁盘';
  if (index % 8 === 3)
    take({ type: 'host.finished', host, outcome: 'failed', message, durationMs: 400 });
  else if (index % 16 === 5)
    take({
      type: 'host.finished',
      host,
      outcome: 'unreachable',
      reason: 'no-route',
      message: '没有应答',
      durationMs: 400,
    });
  else take({ type: 'host.finished', host, outcome: 'ok', durationMs: 400 });
}
take({ type: 'run.finished', outcome: 'finished', totals: {} });
progress.close();
process.stdin.pause();
