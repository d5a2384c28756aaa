import type { Column, Report, ReportCase } from '../model/report.ts';
import type { Value } from '../model/value.ts';
import type { FoldedHost } from './fold-hosts.ts';
import { headingOf, type RunRecord } from './run-record.ts';
import { countNames } from './tally.ts';

/** The parts of a report that all runs over hosts share. */
export function renderFrame(
  record: RunRecord,
  rows: readonly ({ readonly [key: string]: Value } & { readonly outcome: string })[],
): Pick<Report, 'title' | 'startedAt' | 'finishedAt' | 'document'> {
  const { run, startedAt, finishedAt } = record;
  const document = {
    run,
    startedAt,
    finishedAt,
    totals: countNames(rows.map(({ outcome }) => outcome)),
    hosts: rows,
  };
  return { title: headingOf(record), startedAt, finishedAt, document };
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
  { started }: RunRecord,
  row: Pick<FoldedHost, 'host' | 'outcome' | 'message' | 'durationMs'>,
  detail: string,
): ReportCase {
  const { host, outcome, message, durationMs } = row;
  return {
    suite: started.title,
    name: host,
    status: statuses[outcome],
    message,
    detail,
    durationMs,
  };
}
