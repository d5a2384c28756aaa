import type { Column, Report, ReportCase } from '../model/report.ts';
import type { Value } from '../model/value.ts';
import { countOutcomes, type FoldedHost, type FoldedRun } from './fold-hosts.ts';

/** The parts of a report that all runs over hosts share. */
export function renderFrame(
  { run, title, startedAt, finishedAt }: FoldedRun,
  rows: readonly ({ readonly [key: string]: Value } & { readonly outcome: string })[],
): Pick<Report, 'title' | 'startedAt' | 'finishedAt' | 'document'> {
  const totals = countOutcomes(rows);
  const document = { run, startedAt, finishedAt, totals, hosts: rows };
  return { title: `${title} (run ${run})`, startedAt, finishedAt, document };
}

/** A column whose title is its key. */
export function columnOf(key: string): Column {
  return { key, title: key };
}

const statuses = {
  ok: 'passed',
  changed: 'passed',
  skipped: 'skipped',
  failed: 'failed',
  unreachable: 'error',
  cancelled: 'skipped',
} as const;

/** A host as a case of a test report: what could not be found out is an error, not a failure. */
export function caseOf(
  { title }: FoldedRun,
  row: Pick<FoldedHost, 'host' | 'outcome' | 'message' | 'durationMs'>,
  detail: string,
): ReportCase {
  const { host, outcome, message, durationMs } = row;
  return { suite: title, name: host, status: statuses[outcome], message, detail, durationMs };
}
