import type { Lang, Report, ReportTable } from '../model/report.ts';
import type { Value } from '../model/value.ts';
import type { FoldedHost, FoldedRun } from './fold-hosts.ts';
import { caseOf, columnOf, renderFrame } from './run-frame.ts';
import { renderTotals, toneOf } from './run-tables.ts';
import { wordIn } from './run-words.ts';

type Row = { readonly [key: string]: Value } & Pick<
  FoldedHost,
  'host' | 'outcome' | 'message' | 'durationMs'
>;

/** The report of `lab copy`; rows tell how many files were looked at and sent, and whether the host confirmed their sums. */
export function foldCopy(folded: FoldedRun, lang: Lang): Report {
  const keys = ['files', 'sent', 'modes', 'bytes', 'verified'];
  return foldTransfer(folded, lang, 'lab.copy/1', keys, ({ data }) => {
    if (typeof data['files'] !== 'number') return '';
    const doubt = data['verified'] === false ? ', not verified: no sha256sum there' : '';
    return `${data['sent']} of ${data['files']} files sent (${data['bytes']} bytes)${doubt}`;
  });
}

/** The report of `lab fetch`; rows tell where the file is now and whether its sum is the host's. */
export function foldFetch(folded: FoldedRun, lang: Lang): Report {
  const keys = ['path', 'bytes', 'sha256', 'verified'];
  return foldTransfer(folded, lang, 'lab.fetch/1', keys, ({ data }) => {
    if (typeof data['path'] !== 'string') return '';
    const doubt = data['verified'] === false ? ', not verified: it changed while it was read' : '';
    return `${data['path']} (${data['bytes']} bytes)${doubt}`;
  });
}

function foldTransfer(
  folded: FoldedRun,
  lang: Lang,
  schema: string,
  keys: readonly string[],
  detailOf: (host: FoldedHost) => string,
): Report {
  const rows = folded.hosts.map((host) => rowOf(host, keys));
  const first = ['host', 'room', 'seat', 'outcome'];
  const columns = [...first, ...keys, 'durationMs', 'reason', 'message'].map(columnOf);
  return {
    schema,
    ...renderFrame(folded, rows),
    tables: [renderTable(folded, lang, detailOf), renderTotals(folded.hosts, wordIn(lang))],
    records: { columns, rows },
    cases: folded.hosts.map((host) => caseOf(folded, host, detailOf(host))),
  };
}

function rowOf(folded: FoldedHost, keys: readonly string[]): Row {
  const { host, room, seat, outcome, durationMs, reason, message, data } = folded;
  const own = Object.fromEntries(keys.map((key) => [key, data[key] ?? null]));
  return { host, outcome, ...own, durationMs, reason, message, room, seat };
}

function renderTable(
  { hosts }: FoldedRun,
  lang: Lang,
  detailOf: (host: FoldedHost) => string,
): ReportTable {
  const word = wordIn(lang);
  return {
    title: '',
    columns: [
      { key: 'host', title: word('host') },
      { key: 'outcome', title: word('outcome') },
      { key: 'detail', title: word('detail'), flexible: true },
    ],
    rows: hosts.map((host) => [host.host, word(host.outcome), detailOf(host) || host.message]),
    tones: hosts.map(({ outcome }) => toneOf(outcome)),
    notes: [],
  };
}
