import { fitWidth, paint, printable } from '../model/display.ts';
import type { RunEvent } from '../model/event.ts';
import type { Lang } from '../model/report.ts';
import { openLiveArea } from './live-area.ts';
import { type ProgressView, viewHosts, viewPlay } from './progress-view.ts';
import { type Words, wordsOf } from './words.ts';

/** Where progress is shown, usually stderr; sizes are undefined when it is no terminal. */
export interface ProgressOut {
  write(text: string): void;
  readonly isTTY: boolean;
  columns(): number | undefined;
  rows(): number | undefined;
  onResize(listener: () => void): () => void;
}

/** Time and the process's end, handed in so that tests own them; every function returns how to stop. */
export interface ProgressClock {
  /** Milliseconds since 1970. */
  now(): number;
  every(intervalMs: number, work: () => void): () => void;
  /** Calls back when the process ends by itself or by a signal nobody else takes. */
  onExit(listener: () => void): () => void;
}

/** How progress is shown. */
export interface ProgressSettings {
  readonly lang: Lang;
  readonly color: boolean;
  readonly quiet: boolean;
}

/** Shows a run while it goes. */
export interface Progress {
  take(event: RunEvent): void;
  /** Says something that stays in sight. */
  say(text: string): void;
  /** Ends the live area, restores the cursor; further calls do nothing. */
  close(): void;
}

const redrawMs = 100;
const countMs = 10_000;

/** Opens the progress of a run: live lines on a terminal, plain lines elsewhere, only what is said when quiet. */
export function openProgress(
  out: ProgressOut,
  clock: ProgressClock,
  settings: ProgressSettings,
): Progress {
  const words = wordsOf(settings.lang);
  if (settings.quiet)
    return { take: () => {}, say: (text) => out.write(`${printable(text)}\n`), close: () => {} };
  return out.isTTY
    ? openLiveProgress(out, clock, { color: settings.color, words })
    : openPlainProgress(out, clock, words);
}

/** What a run is shown as is known when it begins. */
function viewOf(event: RunEvent, present: ProgressView, words: Words): ProgressView {
  if (event.type !== 'run.started') return present;
  return event.kind === 'play' ? viewPlay(words) : viewHosts(words);
}

function openPlainProgress(out: ProgressOut, clock: ProgressClock, words: Words): Progress {
  let view = viewHosts(words);
  let counted = 0;
  const stop = clock.every(countMs, () => {
    const { done, over } = view.count();
    if (done !== counted && !over) out.write(`${view.summary()}\n`);
    counted = done;
  });
  return {
    take(event) {
      view = viewOf(event, view, words);
      for (const { text } of view.take(event)) out.write(`${text}\n`);
    },
    say: (text) => out.write(`${printable(text)}\n`),
    close: stop,
  };
}

function openLiveProgress(
  out: ProgressOut,
  clock: ProgressClock,
  { color, words }: { readonly color: boolean; readonly words: Words },
): Progress {
  const area = openLiveArea(out);
  let view = viewHosts(words);
  let permanent: string[] = [];
  let kept = 0;
  let open = true;
  const columns = (): number => out.columns() ?? 80;
  const flush = (live: readonly string[]): void => {
    area.draw(permanent, live);
    permanent = [];
  };
  const draw = (): void => {
    const size = { columns: columns(), rows: out.rows() ?? 24 };
    const { total, over } = view.count();
    const isShown = total > 0 && !over;
    flush(isShown ? view.live({ ...size, nowMs: clock.now(), kept, words }) : []);
  };
  const keep = (line: string): void => {
    permanent.push(line);
    kept += 1;
  };
  const stops = [clock.every(redrawMs, draw), out.onResize(draw), clock.onExit(area.restore)];
  return {
    take(event) {
      view = viewOf(event, view, words);
      for (const { text, tone, mild } of view.take(event)) {
        const line = fitWidth(text, columns() - 1);
        if (!mild) keep(color ? paint(line, tone) : line);
      }
    },
    say: (text) => keep(fitWidth(printable(text), columns() - 1)),
    close() {
      if (!open) return;
      open = false;
      for (const stop of stops) stop();
      const summary = view.summary();
      if (summary !== '') permanent.push(fitWidth(summary, columns() - 1));
      flush([]);
      area.restore();
    },
  };
}
