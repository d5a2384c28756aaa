import type { Emit, RunEvent, RunEventBody } from '../../src/model/event.ts';

/** Keeps every event, stamped as the command line does it. */
export function recordEvents(run = 'run-1'): { emit: Emit; events: RunEvent[] } {
  const events: RunEvent[] = [];
  const emit = (body: RunEventBody): void => {
    const seq = events.length + 1;
    const at = new Date(Date.UTC(2026, 10, 23, 13, 45, 0, seq)).toISOString();
    events.push({ ...body, run, seq, at });
  };
  return { emit, events };
}

/** The events of one type, in order. */
export function eventsOf<T extends RunEvent['type']>(
  events: readonly RunEvent[],
  type: T,
): Extract<RunEvent, { type: T }>[] {
  return events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);
}
