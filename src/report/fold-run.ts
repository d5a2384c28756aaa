import type { RunEvent } from '../model/event.ts';
import type { Lang, Report } from '../model/report.ts';
import { type FoldedHost, foldHosts } from './fold-hosts.ts';
import { foldCopy, foldFetch } from './fold-transfer.ts';
import { caseOf, columnOf, renderFrame } from './run-frame.ts';
import { foldRecord } from './run-record.ts';
import { renderRunTables } from './run-tables.ts';
import { wordsOf } from './words.ts';

/** A host in the report of `lab run`; the first eight fields are a contract (docs/cli.md). */
export type RunRow = {
  readonly host: string;
  readonly outcome: 'ok' | 'failed' | 'unreachable' | 'cancelled';
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  readonly reason: string | null;
  readonly message: string;
  readonly room: string;
  readonly seat: string;
  readonly signal: string | null;
  /** Bytes of output that were not kept. */
  readonly droppedBytes: number;
  readonly targetLock: string | null;
};

const columnKeys: readonly (keyof RunRow)[] = [
  ...(['host', 'room', 'seat', 'outcome', 'exitCode', 'stdout', 'stderr', 'durationMs'] as const),
  ...(['reason', 'message'] as const),
];

/** Folds the events of `lab run`, `lab copy` or `lab fetch` into their report: a pure function, so that `lab runs show` prints the same again. */
export function foldRun(events: readonly RunEvent[], lang: Lang = 'en'): Report {
  const words = wordsOf(lang);
  const record = foldRecord(events);
  const { kind } = record.started;
  if (kind === 'copy') return foldCopy(record, words);
  if (kind === 'fetch') return foldFetch(record, words);
  const rows = foldHosts(record, words).map(rowOf);
  return {
    schema: 'lab.run/1',
    ...renderFrame(record, rows),
    tables: renderRunTables(record, rows, words),
    records: { columns: columnKeys.map(columnOf), rows },
    cases: rows.map((row) => caseOf(record, row, [row.stdout, row.stderr].join('\n').trim())),
  };
}

function rowOf(folded: FoldedHost): RunRow {
  const { host, room, seat, outcome, durationMs, reason, message, data } = folded;
  const text = (key: string): string => (typeof data[key] === 'string' ? data[key] : '');
  const number = (key: string): number | null => (typeof data[key] === 'number' ? data[key] : null);
  return {
    host,
    // A command either worked or not; a host that a stopped run never came to is as good as cancelled.
    outcome: outcome === 'changed' ? 'ok' : outcome === 'skipped' ? 'cancelled' : outcome,
    exitCode: number('exitCode'),
    stdout: text('stdout'),
    stderr: text('stderr'),
    durationMs,
    reason,
    message,
    room,
    seat,
    signal: text('signal') || null,
    droppedBytes: number('droppedBytes') ?? 0,
    targetLock: text('targetLock') || null,
  };
}
