import { displayWidth, fitWidth, printable } from '../model/display.ts';
import { renderBootRow } from './boot-row.ts';
import { renderDuration } from './duration.ts';
import type { FinishedHost, ProgressState } from './progress-state.ts';
import { renderTally } from './tally.ts';
import type { Words } from './words.ts';

/** The place there is and how to fill it. */
export interface LiveView {
  readonly columns: number;
  readonly rows: number;
  readonly nowMs: number;
  /** Lines printed above that should stay in sight: up to a third of the screen is left to them. */
  readonly kept: number;
  readonly words: Words;
}

/** The live area of a terminal: a line for each running host as far as they fit, then a bar with counts and an estimate. Never higher than the screen, never as wide. */
export function renderLive(state: ProgressState, view: LiveView): string[] {
  const room = Math.max(0, view.rows - 2 - Math.min(view.kept, Math.floor(view.rows / 3)));
  const running = [...state.running].sort(([, a], [, b]) => a.sinceMs - b.sinceMs);
  const shown = running.length > room ? running.slice(0, Math.max(0, room - 1)) : running;
  const names = shown.map(([host]) => printable(host));
  const width = Math.min(24, Math.max(0, ...names.map(displayWidth)));
  const lines = shown.map(([, { sinceMs, doing, trouble, boot }], index) => {
    const name = fitWidth(names[index] ?? '', width);
    const fill = ' '.repeat(width - displayWidth(name));
    const took = `${Math.max(0, Math.floor((view.nowMs - sinceMs) / 1000))} s`.padStart(5);
    const now = boot
      ? renderBootRow({ ...boot, stageMs: Math.max(0, view.nowMs - boot.sinceMs) })
      : doing;
    return `${name}${fill}  ${took}  ${printable(trouble === '' ? now : trouble)}`;
  });
  const hidden = running.length - shown.length;
  const more = hidden > 0 && room > 0 ? [`… ${view.words.moreRunning(hidden)}`] : [];
  const columns = Math.max(0, view.columns - 1);
  return [...lines, ...more, renderBar(state, view)].map((line) => fitWidth(line, columns));
}

function renderBar(state: ProgressState, { columns, nowMs, words }: LiveView): string {
  const cells = columns >= 60 ? 20 : 10;
  const full = state.total === 0 ? 0 : Math.floor((state.done / state.total) * cells);
  const bar = `${'█'.repeat(full)}${'░'.repeat(cells - full)}`;
  const left = estimateMs(state, nowMs);
  const estimate = left === undefined ? [] : [words.left(renderDuration(left))];
  return [
    `${bar} ${words.progress(state.done, state.total)}`,
    ...renderTally(Object.fromEntries(state.counts), words),
    ...estimate,
  ].join('  ');
}

/** How long the rest may take, going by the hosts that are done; undefined while they are too few to tell. Rounded to whole seconds. */
export function estimateMs(
  { done, total, startedMs }: ProgressState,
  nowMs: number,
): number | undefined {
  const elapsedMs = nowMs - startedMs;
  if (done < 3 || done >= total || elapsedMs < 2000) return undefined;
  return Math.ceil(((elapsedMs / done) * (total - done)) / 1000) * 1000;
}

/** A finished host in one line. */
export function renderFinished(
  { host, outcome, said, durationMs }: FinishedHost,
  words: Words,
  columns = Number.POSITIVE_INFINITY,
): string {
  const message = said === '' ? '' : `  ${printable(said)}`;
  return fitWidth(
    `${printable(host)}  ${words[outcome]}  ${renderDuration(durationMs)}${message}`,
    columns,
  );
}

/** Counts in one line, for the end and for logs. */
export function renderCounts(state: ProgressState, words: Words): string {
  return [
    words.progress(state.done, state.total),
    ...renderTally(Object.fromEntries(state.counts), words),
  ].join('  ');
}

/** Whether a finished host must stay in sight. */
export function isTrouble({ outcome }: FinishedHost): boolean {
  return outcome === 'failed' || outcome === 'unreachable' || outcome === 'cancelled';
}
