import type { RunEvent } from '../model/event.ts';
import type { Column, Report, ReportCase } from '../model/report.ts';
import type { Value } from '../model/value.ts';
import { countOutcomes, type FoldedHost, type FoldedRun, foldHosts } from './fold-hosts.ts';
import { renderRunTables } from './run-tables.ts';

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

/** Folds the events of `lab run` into its report: a pure function, so that `lab runs show` prints the same again. */
export function foldRun(events: readonly RunEvent[]): Report {
  const folded = foldHosts(events);
  const rows = folded.hosts.map(rowOf);
  return {
    schema: 'lab.run/1',
    ...renderFrame(folded, rows),
    tables: renderRunTables(folded, rows),
    records: { columns: columnKeys.map(columnOf), rows },
    cases: rows.map((row) => caseOf(folded, row, [row.stdout, row.stderr].join('\n').trim())),
  };
}

/** The parts of a report that all runs over hosts share. */
export function renderFrame(
  { run, title, startedAt, finishedAt }: FoldedRun,
  rows: readonly ({ readonly [key: string]: Value } & { readonly outcome: string })[],
): Pick<Report, 'title' | 'startedAt' | 'finishedAt' | 'document'> {
  const totals = countOutcomes(rows);
  const document = { run, startedAt, finishedAt, totals, hosts: rows };
  return { title: `${title} · ${run}`, startedAt, finishedAt, document };
}

/** A column whose title is its key. */
export function columnOf(key: string): Column {
  return { key, title: key };
}

/** A host as a case of a test report: what could not be found out is an error, not a failure. */
export function caseOf(
  { title }: FoldedRun,
  row: Pick<FoldedHost, 'host' | 'outcome' | 'message' | 'durationMs'>,
  detail: string,
): ReportCase {
  const { host, outcome, message, durationMs } = row;
  return { suite: title, name: host, status: statuses[outcome], message, detail, durationMs };
}

const statuses = {
  ok: 'passed',
  changed: 'passed',
  skipped: 'skipped',
  failed: 'failed',
  unreachable: 'error',
  cancelled: 'skipped',
} as const;

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
