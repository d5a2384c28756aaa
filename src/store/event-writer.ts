import type { RunEvent } from '../model/event.ts';
import type { Database } from './database.ts';
import type { Process } from './process-identity.ts';
import { saveEvent } from './run-events.ts';

/** Writes events as they happen, several in one transaction, so that a busy run does not wait for the disk a thousand times. */
export interface EventWriter {
  /** Takes an event; throws what the last writing met (a full disk), the event is kept for the next try. */
  append(event: RunEvent): void;
  /** Writes what waits. */
  flush(): void;
}

const shortestPauseMs = 5;
const longestPauseMs = 100;
const mostWaiting = 500;

/** Opens a writer; `run.started` and `run.finished` are on the disk when `append` returns, other events some milliseconds later. */
export function openEventWriter(database: Database, writer: Process): EventWriter {
  let waiting: RunEvent[] = [];
  let timer: NodeJS.Timeout | undefined;
  let failure: { readonly error: unknown } | undefined;
  let pauseMs = shortestPauseMs;

  const write = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    const startedMs = performance.now();
    database.transaction(() => {
      for (const event of waiting) saveEvent(database, event, writer);
    });
    waiting = [];
    failure = undefined;
    // On a slow disk fewer, larger writes: the disk is to take a fifth of our time at most.
    const spentMs = performance.now() - startedMs;
    pauseMs = Math.min(longestPauseMs, Math.max(shortestPauseMs, 4 * spentMs));
  };
  const writeLater = (): void => {
    try {
      write();
    } catch (error) {
      failure = { error };
    }
  };
  return {
    append(event) {
      waiting.push(event);
      const weighty = event.type === 'run.started' || event.type === 'run.finished';
      if (weighty || failure || waiting.length >= mostWaiting) write();
      else timer ??= setTimeout(writeLater, pauseMs);
    },
    flush: write,
  };
}
