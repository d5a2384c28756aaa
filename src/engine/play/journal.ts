import type { Value } from '../../model/value.ts';

/** Which call of a run is meant: the same playbook, hosts and results give the same keys, so that a run that was cut off can be taken up again. */
export interface JournalKey {
  readonly play: number;
  readonly task: string;
  /** Counts from 1: how often this task has run on the host in this play (includes in loops, handlers). A host is in one batch of a play only, and not always in the same: one that was out of reach before may be back. */
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
  /** Called before a call first alters something; resolves when that is kept. */
  begin(key: JournalKey, repeats: boolean): Promise<void>;
  end(key: JournalKey, result: JournalResult): void;
}

/** The name of a call within its run. */
export function nameKey({ play, task, occurrence, host, item }: JournalKey): string {
  return JSON.stringify([play, task, occurrence, host, item]);
}

/** A journal that lives as long as the process; `kept` is what an earlier run left. */
export function makeMemoryJournal(
  kept: Map<string, JournalResult | 'begun'> = new Map(),
): Journal & { readonly kept: ReadonlyMap<string, JournalResult | 'begun'> } {
  return {
    kept,
    recall: (key) => kept.get(nameKey(key)),
    begin: async (key) => void kept.set(nameKey(key), 'begun'),
    end: (key, result) => void kept.set(nameKey(key), result),
  };
}
