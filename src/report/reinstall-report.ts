import type { RunEvent } from '../model/event.ts';
import type { Outcome } from '../model/plan.ts';
import type { Lang, Report } from '../model/report.ts';
import { isMapping, type Value } from '../model/value.ts';
import { renderDuration } from './duration.ts';
import { foldHosts } from './fold-hosts.ts';
import { reinstallWordsOf } from './reinstall-words.ts';
import { caseOf, columnOf, renderFrame } from './run-frame.ts';
import { foldRecord, type RunRecord } from './run-record.ts';
import { wordFor, wordsOf } from './words.ts';

/** One stage as a host reached it; `at` is ISO 8601. */
type StageRow = { readonly stage: string; readonly at: string; readonly evidence: string };

/** A host in the report of `lab reinstall`; the first eight fields are a contract (docs/cli.md). */
type ReinstallRow = {
  readonly host: string;
  readonly outcome: Outcome;
  /** The last stage that was reached, or at which it failed; '' where nothing was begun. */
  readonly stage: string;
  readonly stages: readonly StageRow[];
  readonly profile: string;
  readonly disk: string;
  readonly durationMs: number;
  readonly reason: string;
  readonly hint: string;
  readonly room: string;
  readonly seat: string;
};

const columnKeys = [
  ...['host', 'room', 'seat', 'outcome', 'stage', 'profile', 'disk', 'durationMs'],
  ...['reason', 'hint', 'stages'],
];

/** Folds the events of `lab reinstall` into its report (`lab.reinstall/1`). */
export function foldReinstall(events: readonly RunEvent[], lang: Lang = 'en'): Report {
  const record = foldRecord(events);
  const stages = foldStages(events);
  const rows = [...foldRows(record, stages, lang), ...refusedRows(record)];
  return {
    schema: 'lab.reinstall/1',
    ...renderFrame(record, rows),
    tables: [hostTable(record, rows, lang), stageTable(rows, lang)],
    records: {
      columns: columnKeys.map(columnOf),
      rows: rows.map((row) => ({ ...row, stages: row.stages.map(({ stage }) => stage).join(' ') })),
    },
    cases: rows.map((row) =>
      caseOf(record, { ...row, message: row.reason }, row.stages.map(showStage).join('\n')),
    ),
  };
}

/** Each stage of each host once, at its own time; what was told only for its progress adds nothing. */
function foldStages(events: readonly RunEvent[]): ReadonlyMap<string, readonly StageRow[]> {
  const found = new Map<string, StageRow[]>();
  for (const event of events) {
    if (event.type !== 'host.boot' || event.progress !== undefined) continue;
    const known = found.get(event.host) ?? [];
    found.set(event.host, known);
    if (known.some(({ stage }) => stage === event.stage)) continue;
    const { stage, evidence, reachedAt } = event;
    known.push({ stage, at: reachedAt ?? event.at, evidence });
  }
  return found;
}

function foldRows(
  record: RunRecord,
  stages: ReadonlyMap<string, readonly StageRow[]>,
  lang: Lang,
): ReinstallRow[] {
  return foldHosts(record, wordsOf(lang)).map((folded) => {
    const { host, room, seat, outcome, durationMs, message, data } = folded;
    const text = (key: string): string => (typeof data[key] === 'string' ? data[key] : '');
    const reached = stages.get(host) ?? [];
    const promised = promisedTo(record, host);
    const isWell = outcome === 'ok' || outcome === 'changed';
    return {
      host,
      outcome: outcome === 'changed' ? 'ok' : outcome,
      stage: text('stage') || (reached.at(-1)?.stage ?? ''),
      stages: reached,
      ...promised,
      durationMs,
      reason: isWell ? '' : text('reason') || message,
      hint: isWell ? '' : text('hint'),
      room,
      seat,
    };
  });
}

/** Profile and disk as they were confirmed. */
function promisedTo({ started }: RunRecord, host: string) {
  const { rows } = started.context;
  const row = (Array.isArray(rows) ? rows : []).find(
    (each: Value) => isMapping(each) && each['host'] === host,
  );
  const { profile, diskShown } = isMapping(row) ? row : {};
  return { profile: String(profile ?? ''), disk: String(diskShown ?? '') };
}

/** Hosts that were asked for and let out by a guard: they were not armed, and what was asked for is not true of them. */
function refusedRows({ started }: RunRecord): ReinstallRow[] {
  const { refused } = started.context;
  return (Array.isArray(refused) ? refused.filter(isMapping) : []).map((one) => ({
    host: String(one['host']),
    outcome: 'skipped',
    ...{ stage: '', stages: [], profile: '', disk: '', durationMs: 0 },
    reason: String(one['why']),
    hint: String(one['hint']),
    ...{ room: String(one['room'] ?? ''), seat: String(one['seat'] ?? '') },
  }));
}

function hostTable(
  { finished, started, run }: RunRecord,
  rows: readonly ReinstallRow[],
  lang: Lang,
) {
  const words = wordsOf(lang);
  const own = reinstallWordsOf(lang);
  const cut = finished ? words.cutOff(run) : words.unfinished;
  return {
    title: started.title,
    columns: [
      { key: 'host', title: words.host },
      { key: 'seat', title: words.seat },
      { key: 'outcome', title: words.outcome },
      { key: 'stage', title: own.stage },
      { key: 'minutes', title: own.minutes, align: 'right' as const },
      { key: 'reason', title: own.why, flexible: true },
    ],
    rows: rows.map(({ host, seat, outcome, stage, durationMs, reason, hint }) => [
      ...[host, seat, wordFor(outcome, words), stage],
      durationMs === 0 ? '' : renderDuration(durationMs),
      hint === '' ? reason : `${reason}; ${hint}`,
    ]),
    tones: rows.map(({ outcome }) => toneOf(outcome)),
    notes: finished?.outcome === 'finished' ? [] : [cut],
  };
}

function toneOf(outcome: Outcome) {
  if (outcome === 'failed') return 'bad' as const;
  return outcome === 'ok' ? ('good' as const) : ('doubt' as const);
}

/** Seconds from each stage to the one before it. */
function stageTable(rows: readonly ReinstallRow[], lang: Lang) {
  const shown = rows.filter(({ stages }) => stages.length > 1);
  const names = [...new Set(shown.flatMap(({ stages }) => stages.map(({ stage }) => stage)))];
  const later = names.filter((name) => name !== 'armed');
  return {
    title: reinstallWordsOf(lang).stages,
    columns: [
      { key: 'host', title: wordsOf(lang).host },
      ...later.map((key) => ({ key, title: key, align: 'right' as const })),
    ],
    rows: shown.map(({ host, stages }) => [
      host,
      ...later.map((name) => {
        const index = stages.findIndex(({ stage }) => stage === name);
        const [before, own] = [stages[index - 1], stages[index]];
        if (!before || !own) return '';
        return ((Date.parse(own.at) - Date.parse(before.at)) / 1000).toFixed(1);
      }),
    ]),
    notes: [],
  };
}

function showStage({ stage, at, evidence }: StageRow): string {
  return `${at} ${stage}: ${evidence}`;
}
