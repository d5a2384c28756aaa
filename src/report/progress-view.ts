import type { paint } from '../model/display.ts';
import type { RunEvent } from '../model/event.ts';
import { renderLivePlay, renderTold } from './play-lines.ts';
import { foldPlayProgress, noPlayYet } from './play-progress.ts';
import {
  isTrouble,
  type LiveView,
  renderCounts,
  renderFinished,
  renderLive,
} from './progress-lines.ts';
import { foldProgress, noProgress } from './progress-state.ts';
import type { Words } from './words.ts';

/** A line that stays. */
export interface KeptLine {
  readonly text: string;
  readonly tone: Parameters<typeof paint>[1];
  /** Not kept where live lines show it already. */
  readonly mild?: boolean;
}

/** One way to show a run while it goes. */
export interface ProgressView {
  /** What an event gives to keep. */
  take(event: RunEvent): readonly KeptLine[];
  live(view: LiveView): string[];
  count(): { readonly done: number; readonly total: number; readonly over: boolean };
  /** How the run stands, in one line; '' when there is nothing to say. */
  summary(): string;
}

/** Shows hosts that each come to one end: a line for each that runs. */
export function viewHosts(words: Words): ProgressView {
  let state = noProgress;
  return {
    take(event) {
      const { state: next, finished } = foldProgress(state, event);
      state = next;
      if (!finished) return [];
      const tone = finished.outcome === 'failed' ? 'bad' : isTrouble(finished) ? 'doubt' : 'plain';
      return [{ text: renderFinished(finished, words), tone, mild: !isTrouble(finished) }];
    },
    live: (view) => renderLive(state, view),
    count: () => state,
    summary: () => (state.total > 0 ? renderCounts(state, words) : ''),
  };
}

/** Shows a playbook: a table of hosts and tasks, and a line for each task that is over. */
export function viewPlay(words: Words): ProgressView {
  let state = noPlayYet;
  return {
    take(event) {
      const { state: next, told } = foldPlayProgress(state, event);
      state = next;
      return told.flatMap((each) => renderTold(each, words));
    },
    live: (view) => renderLivePlay(state, view),
    count: () => ({ done: state.told, total: state.hosts.length, over: state.over }),
    summary: () => '',
  };
}
