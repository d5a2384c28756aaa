import type { BootProgress } from '../model/boot.ts';
import { renderDuration } from './duration.ts';

/** How far one host is with its installation. */
export interface BootRow {
  readonly stage: string;
  /** Since when it is at that stage, milliseconds. */
  readonly stageMs: number;
  readonly progress?: BootProgress;
}

const cells = 10;

/** One host's installation in a few words: stage, bar, rate and what is left, such as `writing ████░░░░░░  42 %  38 MB/s  12 s`. Shared by the live view of a run and the status of the boot service. */
export function renderBootRow({ stage, stageMs, progress }: BootRow): string {
  if (stage !== 'writing' || !progress || progress.totalBytes <= 0)
    return `${stage}  ${renderDuration(stageMs)}`;
  const { doneBytes, totalBytes, bytesPerSecond } = progress;
  const part = Math.min(1, Math.max(0, doneBytes / totalBytes));
  const full = Math.floor(part * cells);
  const bar = `${'█'.repeat(full)}${'░'.repeat(cells - full)}`;
  const rate = bytesPerSecond > 0 ? [`${(bytesPerSecond / 1e6).toFixed(1)} MB/s`] : [];
  const left =
    bytesPerSecond > 0 && part < 1
      ? [renderDuration(((totalBytes - doneBytes) / bytesPerSecond) * 1000)]
      : [];
  const percent = `${Math.floor(part * 100)} %`.padStart(5);
  return [`${stage} ${bar} ${percent}`, ...rate, ...left].join('  ');
}
