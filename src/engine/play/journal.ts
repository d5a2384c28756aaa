import type { Value } from '../../model/value.ts';

/** Which call of a run is meant: the same playbook, hosts and results give the same keys, so that a run that was cut off can be taken up again. */
export interface JournalKey {
  readonly play: number;
  readonly batch: number;
  readonly task: string;
  /** Counts from 1: how often this task has run on the host in this play and batch (includes in loops, handlers). */
  readonly occurrence: number;
  readonly host: string;
  /** -1 where the task has no loop. */
  readonly item: number;
}

/** What is kept of a call: its full result, unmasked. */
export type JournalResult = { readonly [key: string]: Value };

/** Remembers which calls were begun and what they came to. */
export interface Journal {
  /** A finished call's result; 'begun' for one of which nobody knows the end; undefined for one never begun. */
  recall(key: JournalKey): JournalResult | 'begun' | undefined;
  begin(key: JournalKey, repeats: boolean): void;
  end(key: JournalKey, result: JournalResult): void;
}

/** The name of a call within its run. */
export function nameKey({ play, batch, task, occurrence, host, item }: JournalKey): string {
  return JSON.stringify([play, batch, task, occurrence, host, item]);
}

/** A journal that lives as long as the process; `kept` is what an earlier run left. */
export function makeMemoryJournal(
  kept: Map<string, JournalResult | 'begun'> = new Map(),
): Journal & { readonly kept: ReadonlyMap<string, JournalResult | 'begun'> } {
  return {
    kept,
    recall: (key) => kept.get(nameKey(key)),
    begin: (key) => void kept.set(nameKey(key), 'begun'),
    end: (key, result) => void kept.set(nameKey(key), result),
  };
}
