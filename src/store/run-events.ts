import { setTimeout as sleep } from 'node:timers/promises';
import type { RunEvent } from '../model/event.ts';
import { LabError } from '../model/lab-error.ts';
import type { RunSummary } from '../model/run-summary.ts';
import type { Database } from './database.ts';
import { saveSeen } from './host-seen.ts';
import { type Process, processIsGone } from './process-identity.ts';

/** Lists all runs, newest first. */
export async function listRuns(database: Database): Promise<RunSummary[]> {
  const rows = database.all(
    `SELECT runs.*, json_extract(event, '$.context.who') AS who
       FROM runs LEFT JOIN events ON events.run = runs.run AND seq = 1
      ORDER BY started_at DESC, runs.run DESC`,
  );
  return Promise.all(rows.map(summaryOf));
}

/** Loads a run's events in order. */
export function loadEvents(database: Database, run: string, afterSeq = 0): RunEvent[] {
  const sql = 'SELECT event FROM events WHERE run = ? AND seq > ? ORDER BY seq';
  return database.all(sql, run, afterSeq).map((row) => JSON.parse(String(row['event'])));
}

/** Finds a run by its id or the beginning of one; throws LabError 'usage' when none or several fit. */
export function findRun(database: Database, prefix: string): string {
  const sql = 'SELECT run FROM runs WHERE substr(run, 1, ?) = ? ORDER BY run DESC';
  const found = database.all(sql, prefix.length, prefix).map((row) => String(row['run']));
  const [first, second] = found;
  if (first !== undefined && (second === undefined || found.includes(prefix)))
    return found.includes(prefix) ? prefix : first;
  if (first === undefined && prefix === '')
    throw new LabError(
      'usage',
      'nothing was run yet',
      'lab play, lab run or lab check makes a run',
    );
  if (first === undefined)
    throw new LabError('usage', `no run begins with "${prefix}"`, 'lab runs list shows them all');
  const some = found.slice(0, 5).join(', ');
  throw new LabError(
    'usage',
    `${found.length} runs begin with "${prefix}": ${some}${found.length > 5 ? ', …' : ''}`,
    'write more of the id',
  );
}

/** The run that was started last. */
export function latestRun(database: Database): string | undefined {
  const [row] = database.all('SELECT run FROM runs ORDER BY started_at DESC, run DESC LIMIT 1');
  return row && String(row['run']);
}

/** Follows a run, also one that another process writes: yields what is there, then what comes, and ends with the run or with its process. */
export async function* watchRun(
  database: Database,
  run: string,
  options: { readonly pollMs?: number; readonly signal?: AbortSignal } = {},
): AsyncGenerator<RunEvent, void, undefined> {
  const { pollMs = 100, signal } = options;
  let seq = 0;
  let gone = false;
  while (!signal?.aborted) {
    const events = loadEvents(database, run, seq);
    for (const event of events) {
      yield event;
      seq = event.seq;
      if (event.type === 'run.finished') return;
    }
    // One more look after the process was found dead: its last events may have come in between.
    if (gone && events.length === 0) return;
    gone = await writerIsGone(database, run);
    if (!gone) await sleep(pollMs, undefined, signal && { signal }).catch(() => {});
  }
}

async function writerIsGone(database: Database, run: string): Promise<boolean> {
  const [row] = database.all('SELECT process FROM runs WHERE run = ?', run);
  return row === undefined || (await processIsGone(JSON.parse(String(row['process']))));
}

async function summaryOf(row: { readonly [column: string]: unknown }): Promise<RunSummary> {
  const text = (column: string): string => String(row[column] ?? '');
  const finished = text('outcome') === 'cancelled' ? 'cancelled' : 'finished';
  const open = async () =>
    (await processIsGone(JSON.parse(text('process')))) ? 'interrupted' : 'running';
  return {
    run: text('run'),
    kind: text('kind'),
    title: text('title'),
    who: text('who'),
    startedAt: text('started_at'),
    finishedAt: text('finished_at'),
    state: text('finished_at') === '' ? await open() : finished,
    hosts: Number(row['hosts']),
    totals: JSON.parse(text('totals') || '{}'),
  };
}

/** Writes one event, and what lists need of it, within the caller's transaction. */
export function saveEvent(database: Database, event: RunEvent, writer: Process): void {
  const { run, seq, at } = event;
  if (event.type === 'run.started')
    database.run(
      'INSERT INTO runs (run, kind, title, started_at, hosts, process) VALUES (?, ?, ?, ?, ?, ?)',
      ...[run, event.kind, event.title, at, event.hosts.length, JSON.stringify(writer)],
    );
  if (event.type === 'run.finished')
    database.run(
      'UPDATE runs SET finished_at = ?, outcome = ?, totals = ? WHERE run = ?',
      ...[at, event.outcome, JSON.stringify(event.totals), run],
    );
  if (event.type === 'host.finished' && event.reached) saveSeen(database, event.host, at);
  const sql = 'INSERT INTO events (run, seq, event) VALUES (?, ?, ?)';
  database.run(sql, run, seq, JSON.stringify(event));
}
