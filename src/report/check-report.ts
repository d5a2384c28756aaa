import type { RunEvent } from '../model/event.ts';
import type { Lang, Report, ReportCase, ReportTable } from '../model/report.ts';
import type { Value } from '../model/value.ts';
import { foldFindings } from './check-findings.ts';
import { type CheckedHost, type CheckRow, foldCheckRows, verdicts } from './check-rows.ts';
import { type HostState, judgeState } from './check-states.ts';
import { foldService, type RoomService, renderRate } from './in-service.ts';
import { foldRecord, headingOf, type RunRecord } from './run-record.ts';
import { countNames, renderTally } from './tally.ts';
import { type Words, wordsOf } from './words.ts';

const columns = [
  'host',
  'room',
  'seat',
  'check',
  'verdict',
  'found',
  'expected',
  'hint',
  'durationMs',
];

/** Folds a check run into its report (`lab.check/1`): a row per host and check, a state per host, an in-service rate per room. */
export function foldCheck(events: readonly RunEvent[], lang: Lang): Report {
  const words = wordsOf(lang);
  const record = foldRecord(events);
  const hosts = foldCheckRows(record);
  const rows = hosts.flatMap((each) => each.rows);
  const states = new Map(hosts.map((each) => [each.host.host, judgeState(each, record)]));
  const rooms = foldService(record, states);
  return {
    schema: 'lab.check/1',
    title: headingOf(record),
    startedAt: record.startedAt,
    finishedAt: record.finishedAt,
    document: {
      run: record.run,
      totals: Object.fromEntries(verdicts.map((verdict) => [verdict, count(rows, verdict)])),
      rows: rows.map(valuesOf),
      hosts: hosts.map(({ host: { host, room, seat } }) => ({
        host,
        room,
        seat,
        state: states.get(host) ?? 'unknown',
      })),
      rooms: rooms.map((room) => ({ ...room, rule: words.rule })),
    },
    tables: tablesOf({ record, hosts, rows, states, rooms, words }),
    records: { columns: columns.map((key) => ({ key, title: key })), rows: rows.map(valuesOf) },
    cases: hosts.flatMap((each) => casesOf(each, words)),
  };
}

function valuesOf({ reason, ...row }: CheckRow): { readonly [key: string]: Value } {
  return reason === '' ? row : { ...row, reason };
}

function count(rows: readonly CheckRow[], verdict: CheckRow['verdict']): number {
  return rows.filter((row) => row.verdict === verdict).length;
}

interface Told {
  readonly record: RunRecord;
  readonly hosts: readonly CheckedHost[];
  readonly rows: readonly CheckRow[];
  readonly states: ReadonlyMap<string, HostState>;
  readonly rooms: readonly RoomService[];
  readonly words: Words;
}

function tablesOf(told: Told): ReportTable[] {
  const { record, hosts, rows, rooms, words } = told;
  const findings = foldFindings(hosts, record, words);
  const ended = record.finished
    ? record.finished.outcome === 'cancelled'
      ? [words.stopped]
      : []
    : [words.unfinished];
  const good = words.allGood(hosts.length, count(rows, 'pass'), count(rows, 'skip'));
  const allGood = {
    title: '',
    columns: [],
    rows: [],
    notes: [hosts.length === 0 ? words.noHosts : good],
  };
  const summary = { title: '', columns: [], rows: [], notes: [statesLine(told), ...ended] };
  return findings.rows.length === 0
    ? [allGood, roomTable(rooms, words), { ...summary, notes: ended }]
    : [findings, checkTable(record, rows, words), roomTable(rooms, words), summary];
}

function statesLine({ states, words }: Told): string {
  return words.states(renderTally(countNames([...states.values()]), words).join(words.comma));
}

function checkTable({ started }: RunRecord, rows: readonly CheckRow[], words: Words): ReportTable {
  const byCheck = Map.groupBy(rows, ({ check }) => check);
  const asked = started.steps
    .map(({ id }) => ({ id, own: byCheck.get(id) ?? [] }))
    .filter(({ own }) => own.length > 0);
  return {
    title: words.perCheck,
    columns: [
      { key: 'check', title: words.check },
      ...verdicts.map((verdict) => ({
        key: verdict,
        title: words[verdict],
        align: 'right' as const,
      })),
    ],
    rows: asked.map(({ id, own }) => [
      id,
      ...verdicts.map((verdict) => blankZero(count(own, verdict))),
    ]),
    tones: asked.map(({ own }) =>
      count(own, 'fail') > 0
        ? 'bad'
        : count(own, 'warn') + count(own, 'unknown') > 0
          ? 'doubt'
          : 'plain',
    ),
    notes: [],
  };
}

function blankZero(number: number): string {
  return number === 0 ? '' : String(number);
}

function roomTable(rooms: readonly RoomService[], words: Words): ReportTable {
  const right = { align: 'right' } as const;
  return {
    title: words.perRoom,
    columns: [
      { key: 'room', title: words.room, flexible: true },
      { key: 'total', title: words.total, ...right },
      { key: 'inService', title: words.inService, ...right },
      { key: 'broken', title: words.broken, ...right },
      { key: 'off', title: words.off, ...right },
      { key: 'unknown', title: words.unknown, ...right },
      { key: 'rate', title: words.rate, ...right },
    ],
    rows: rooms.map((room) => [
      room.title === room.room ? room.room : `${room.room} ${room.title}`,
      ...[room.total, room.inService].map(String),
      ...[room.broken, room.off, room.unknown].map(blankZero),
      renderRate(room),
    ]),
    notes: rooms.length === 0 ? [] : [words.rule],
  };
}

const caseStatus = {
  pass: 'passed',
  warn: 'passed',
  fail: 'failed',
  unknown: 'error',
  skip: 'skipped',
} as const;

function casesOf({ host, rows }: CheckedHost, words: Words): ReportCase[] {
  const notAsked = {
    suite: host.host,
    name: 'run',
    status: 'error',
    message: words.notAsked,
    detail: '',
    durationMs: 0,
  } as const;
  if (rows.length === 0) return [notAsked];
  return rows.map(({ check, verdict, found, expected, hint, durationMs }) => ({
    suite: host.host,
    name: check,
    status: caseStatus[verdict],
    message: verdict === 'pass' ? '' : found || verdict,
    detail: [expected === '' ? '' : words.expected(expected), hint]
      .filter((line) => line !== '')
      .join('\n'),
    durationMs,
  }));
}
