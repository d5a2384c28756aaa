import type { PlayStats, RunEvent } from '../model/event.ts';
import type { Outcome } from '../model/plan.ts';
import type { Lang, Report, ReportCase } from '../model/report.ts';
import type { Value } from '../model/value.ts';
import {
  foldPlayRecord,
  messageOf,
  type PlayedPlay,
  type PlayedTask,
  type PlayRecord,
} from './play-record.ts';
import { renderPlayTables } from './play-tables.ts';
import { columnOf } from './run-frame.ts';
import { headingOf } from './run-record.ts';
import { countNames } from './tally.ts';
import { wordsOf } from './words.ts';

/** Folds the events of `lab play`; the document has the shape of Ansible's json callback (ansible.posix.json). */
export function foldPlay(events: readonly RunEvent[], lang: Lang = 'en'): Report {
  const record = foldPlayRecord(events);
  const { run, startedAt, finishedAt } = record;
  const outcomes = outcomesOf(record);
  return {
    schema: 'lab.play/1',
    title: headingOf(record),
    startedAt,
    finishedAt,
    document: {
      run,
      totals: countNames([...outcomes.values()]),
      plays: record.plays.map(documentOf),
      stats: Object.fromEntries([...record.stats].map(([host, stats]) => [host, { ...stats }])),
      hosts: [...outcomes].map(([host, outcome]) => ({ host, outcome })),
      custom_stats: {},
      global_custom_stats: {},
      ...(record.stopped === '' ? {} : { stopped: record.stopped }),
    },
    tables: renderPlayTables(record, outcomes, wordsOf(lang)),
    records: { columns: columnKeys.map(columnOf), rows: recordsOf(record) },
    cases: casesOf(record),
  };
}

/** What each host of the run came to, in the order of the run. */
function outcomesOf(record: PlayRecord): ReadonlyMap<string, Outcome> {
  const named = record.hosts.map(({ host }) => host);
  const names = [...new Set([...named, ...record.stats.keys()])];
  return new Map(
    names.map((host) => [host, outcomeOf(record.stats.get(host), record.ended.get(host)?.outcome)]),
  );
}

function outcomeOf(stats: PlayStats | undefined, ended: Outcome | undefined): Outcome {
  if (ended === 'cancelled' || ended === 'failed' || ended === 'unreachable') return ended;
  if (!stats) return ended ?? 'skipped';
  if (stats.failures > 0) return 'failed';
  if (stats.unreachable > 0) return 'unreachable';
  return stats.changed > 0 ? 'changed' : 'ok';
}

function documentOf({ play, startedAt, finishedAt, tasks }: PlayedPlay): Value {
  return {
    play: {
      id: `play-${play.play}-${play.batch}`,
      name: play.name,
      duration: { start: startedAt, end: finishedAt },
    },
    tasks: tasks.map(({ task, rows, ...times }) => ({
      task: {
        id: task.task,
        name: task.name,
        path: task.place,
        duration: { start: times.startedAt, end: times.finishedAt },
      },
      hosts: Object.fromEntries(
        rows.map(({ host, result }) => [host, { ...result, action: task.action }]),
      ),
    })),
  };
}

const columnKeys = [
  ...[
    'play',
    'task',
    'action',
    'place',
    'host',
    'item',
    'outcome',
    'ignored',
    'message',
    'durationMs',
  ],
];

function recordsOf(record: PlayRecord): { readonly [key: string]: Value }[] {
  return record.plays.flatMap(({ play, tasks }) =>
    tasks.flatMap(({ task, rows, items }) =>
      [...items, ...rows].map((row) => ({
        play: play.name,
        task: task.name,
        action: task.action,
        place: task.place,
        host: row.host,
        item: row.item ?? '',
        outcome: row.outcome,
        ignored: row.ignored === true,
        message: messageOf(row.result),
        durationMs: Math.round(row.durationMs),
      })),
    ),
  );
}

const statuses = {
  ok: 'passed',
  changed: 'passed',
  skipped: 'skipped',
  failed: 'failed',
  unreachable: 'error',
  cancelled: 'skipped',
} as const;

function casesOf(record: PlayRecord): ReportCase[] {
  return record.plays.flatMap(({ tasks }) =>
    tasks.flatMap(({ task, rows }: PlayedTask) =>
      rows.map((row) => ({
        suite: row.host,
        name: task.name,
        status: row.ignored ? 'passed' : statuses[row.outcome],
        message:
          row.outcome === 'failed' || row.outcome === 'unreachable' ? messageOf(row.result) : '',
        detail: task.place,
        durationMs: row.durationMs,
      })),
    ),
  );
}
