import type { Report, ReportTable } from '../model/report.ts';
import type { Value } from '../model/value.ts';
import { type FoldedHost, foldHosts } from './fold-hosts.ts';
import { caseOf, columnOf, renderFrame } from './run-frame.ts';
import type { RunRecord } from './run-record.ts';
import { renderTotals, toneOf } from './run-tables.ts';
import type { Words } from './words.ts';

type Row = { readonly [key: string]: Value } & Pick<
  FoldedHost,
  'host' | 'outcome' | 'message' | 'durationMs'
>;

/** The report of `lab copy`; rows tell how many files were looked at and sent, and whether the host confirmed their sums. */
export function foldCopy(record: RunRecord, words: Words): Report {
  const keys = ['files', 'sent', 'modes', 'bytes', 'verified'];
  return foldTransfer(record, words, 'lab.copy/1', keys, ({ data }) => {
    const { files, sent, bytes, verified } = data;
    if (typeof files !== 'number') return '';
    const told = words.sent(Number(sent), files, Number(bytes));
    return verified === false ? told + words.unverifiedCopy : told;
  });
}

/** The report of `lab fetch`; rows tell where the file is now and whether its sum is the host's. */
export function foldFetch(record: RunRecord, words: Words): Report {
  const keys = ['path', 'bytes', 'sha256', 'verified'];
  return foldTransfer(record, words, 'lab.fetch/1', keys, ({ data }) => {
    const { path, bytes, verified } = data;
    if (typeof path !== 'string') return '';
    const told = words.fetched(path, Number(bytes));
    return verified === false ? told + words.unverifiedFetch : told;
  });
}

function foldTransfer(
  record: RunRecord,
  words: Words,
  schema: string,
  keys: readonly string[],
  detailOf: (host: FoldedHost) => string,
): Report {
  const hosts = foldHosts(record, words);
  const rows = hosts.map((host) => rowOf(host, keys));
  const first = ['host', 'room', 'seat', 'outcome'];
  const columns = [...first, ...keys, 'durationMs', 'reason', 'message'].map(columnOf);
  return {
    schema,
    ...renderFrame(record, rows),
    tables: [renderTable(hosts, words, detailOf), renderTotals(hosts, words)],
    records: { columns, rows },
    cases: hosts.map((host) => caseOf(record, host, detailOf(host))),
  };
}

function rowOf(folded: FoldedHost, keys: readonly string[]): Row {
  const { host, room, seat, outcome, durationMs, reason, message, data } = folded;
  const own = Object.fromEntries(keys.map((key) => [key, data[key] ?? null]));
  return { host, outcome, ...own, durationMs, reason, message, room, seat };
}

function renderTable(
  hosts: readonly FoldedHost[],
  words: Words,
  detailOf: (host: FoldedHost) => string,
): ReportTable {
  return {
    title: '',
    columns: [
      { key: 'host', title: words.host },
      { key: 'outcome', title: words.outcome },
      { key: 'detail', title: words.detail, flexible: true },
    ],
    rows: hosts.map((host) => [host.host, words[host.outcome], detailOf(host) || host.message]),
    tones: hosts.map(({ outcome }) => toneOf(outcome)),
    notes: [],
  };
}
