import { printable, printableLines } from '../model/display.ts';
import type { TaskFinished } from '../model/event.ts';
import { foldNames } from '../model/host-names.ts';
import type { Outcome } from '../model/plan.ts';
import type { ReportTable } from '../model/report.ts';
import type { Value } from '../model/value.ts';
import { isMapping } from '../model/value.ts';
import { renderDiffs } from './play-diff.ts';
import { messageOf, type PlayedTask, type PlayRecord } from './play-record.ts';
import { renderTotals, toneOf } from './run-tables.ts';
import type { Words } from './words.ts';

/** What people read of a `lab play`: what was said and altered, what failed with what was run and printed, the recap. */
export function renderPlayTables(
  record: PlayRecord,
  outcomes: ReadonlyMap<string, Outcome>,
  words: Words,
): ReportTable[] {
  const tasks = record.plays.flatMap(({ tasks }) => tasks);
  const { diff, verbose, check } = record.started.context;
  const altered = check === true ? words.wouldChange : words.changed;
  const rows = [...outcomes.values()].map((outcome) => ({ outcome }));
  const stopped = record.stopped === '' ? [] : [block(words.notGoneOn, [record.stopped])];
  return [
    ...(diff === true || verbose === true
      ? tasks.flatMap((task) => renderAltered(task, altered, words))
      : []),
    ...tasks.flatMap((task) => renderWarnings(task, words)),
    ...tasks.flatMap((task) => renderTroubles(task, words)),
    ...stopped,
    ...(record.finished?.outcome === 'cancelled'
      ? [block(words.notGoneOn, [words.cutOff(record.run)])]
      : []),
    renderRecap(record, outcomes, words),
    renderTotals(rows, words),
  ];
}

/** A paragraph under a heading. */
function block(title: string, notes: readonly string[]): ReportTable {
  return { title, columns: [], rows: [], notes };
}

/** What modules warn of, once for all hosts that were warned alike. */
function renderWarnings({ task, rows }: PlayedTask, words: Words): ReportTable[] {
  const warned = rows.filter((row) => warningsOf(row).length > 0);
  return groupBy(warned, (row) => JSON.stringify(warningsOf(row))).map((alike) => {
    const names = foldNames(alike.map(({ host }) => host));
    return block(
      `${words.warning}${words.colon}${printable(task.name)}  ${names}`,
      [...new Set(warningsOf(alike[0]))].map((text) => `  ${printable(text)}`),
    );
  });
}

function warningsOf({ result }: TaskFinished): string[] {
  const { warnings } = result;
  return Array.isArray(warnings) ? warnings.map(String) : [];
}

function renderTroubles(played: PlayedTask, words: Words): ReportTable[] {
  const troubled = played.rows.filter(
    ({ outcome }) => outcome === 'failed' || outcome === 'unreachable',
  );
  const alike = groupBy(troubled, (row) =>
    JSON.stringify([row.outcome, row.ignored, row.rescued, explain(played, row, words)]),
  );
  return alike.map((rows) => {
    const [row] = rows;
    const mild = row.ignored
      ? words.inParens(words.ignored)
      : row.rescued
        ? words.inParens(words.rescued)
        : '';
    const names = foldNames(rows.map(({ host }) => host));
    const title = `${words[row.outcome]}${mild}${words.colon}${printable(played.task.name)}  ${names}`;
    return block(title, [...explain(played, row, words), `  ${words.at(played.task.place)}`]);
  });
}

const shownLines = 20;

/** Why a task failed: each failed item of a loop, else the task itself. */
function explain(played: PlayedTask, row: TaskFinished, words: Words): string[] {
  const items = played.items.filter(
    ({ host, outcome }) => host === row.host && outcome === 'failed',
  );
  if (items.length === 0) return explainResult(row, words);
  return items.flatMap((one) => [
    `  ${words.item(printable(one.item ?? ''))}`,
    ...explainResult(one, words).map((line) => `  ${line}`),
  ]);
}

function explainResult({ host, result }: TaskFinished, words: Words): string[] {
  const texts = (['stderr', 'stdout', 'module_stderr'] as const).flatMap((key) => {
    const lines = printableLines(String(result[key] ?? '')).filter((line) => line.trim() !== '');
    return lines.length === 0 ? [] : [`  ${key}${words.colon}`, ...lastOf(lines, words)];
  });
  const command = result['cmd'];
  const ran = command === undefined ? [] : [`  ${words.ran(printable(textOf(command)))}`];
  const code = typeof result['rc'] === 'number' ? words.inParens(`rc ${result['rc']}`) : '';
  // Hosts with the same trouble are told together: the heading names them.
  const said = messageOf(result).replace(`${host}: `, '');
  return [`  ${printable(said)}${code}`, ...ran, ...texts];
}

function lastOf(lines: readonly string[], words: Words): string[] {
  const shown = lines.slice(-shownLines).map((line) => `    ${line}`);
  const left = lines.length - shown.length;
  return left > 0 ? [`    ${words.earlierLines(left)}`, ...shown] : shown;
}

function textOf(value: Value): string {
  return Array.isArray(value) ? value.map(String).join(' ') : String(value);
}

/** What a task altered, hosts with the same alterations together. */
function renderAltered(played: PlayedTask, word: string, words: Words): ReportTable[] {
  const altered = [...played.items, ...played.rows].filter(
    (row) => row.outcome === 'changed' && alteredLines(row).length > 0,
  );
  return groupBy(altered, (row) => JSON.stringify(alteredLines(row))).map((rows) => {
    const [row] = rows;
    const item = row.item === undefined ? '' : words.inParens(printable(row.item));
    const names = foldNames([...new Set(rows.map(({ host }) => host))]);
    return block(
      `${word}${words.colon}${printable(played.task.name)}${item}  ${names}`,
      alteredLines(row),
    );
  });
}

function alteredLines({ result, changes }: TaskFinished): string[] {
  // A loop's own row only sums up its items.
  if (Array.isArray(result['results'])) return [];
  const said = changes.map(({ summary }) => `  ${printable(summary)}`);
  const { diff } = result;
  const diffs = Array.isArray(diff) ? diff : isMapping(diff) ? [diff] : [];
  return [...said, ...renderDiffs(diffs as readonly Value[])];
}

const counted = [
  'ok',
  'changed',
  'unreachable',
  'failures',
  'skipped',
  'rescued',
  'ignored',
] as const;

/** The recap, a line per host, as Ansible counts. */
function renderRecap(
  record: PlayRecord,
  outcomes: ReadonlyMap<string, Outcome>,
  words: Words,
): ReportTable {
  const hosts = [...outcomes].filter(([host]) => record.stats.has(host));
  return {
    title: words.recap,
    columns: [
      { key: 'host', title: words.host },
      ...counted.map((key) => ({
        key,
        title: key === 'failures' ? words.failed : words[key],
        align: 'right' as const,
      })),
    ],
    rows: hosts.map(([host]) => {
      const stats = record.stats.get(host);
      return [host, ...counted.map((key) => String(stats?.[key] ?? 0))];
    }),
    tones: hosts.map(([, outcome]) => toneOf(outcome)),
    notes: [],
  };
}

/** Rows with the same key together, in the order the keys first come. */
function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()];
}
