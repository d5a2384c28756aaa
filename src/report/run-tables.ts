import { printableLines } from '../model/display.ts';
import { foldNames } from '../model/host-names.ts';
import type { Outcome } from '../model/plan.ts';
import type { ReportTable, Tone } from '../model/report.ts';
import type { RunRow } from './fold-run.ts';
import type { RunRecord } from './run-record.ts';
import { countNames, renderTally } from './tally.ts';
import type { Words } from './words.ts';

/** Hosts that are shown together; without gathering each host is alone. */
interface Group {
  readonly names: readonly string[];
  readonly row: RunRow;
  /** What is shown of the output, a line each. */
  readonly lines: readonly string[];
}

const tones: { readonly [O in Outcome]: Tone } = {
  ok: 'good',
  changed: 'good',
  failed: 'bad',
  unreachable: 'doubt',
  cancelled: 'quiet',
  skipped: 'quiet',
};

/** The colour of an outcome. */
export function toneOf(outcome: Outcome): Tone {
  return tones[outcome];
}

/** Shows a command's outputs to people: one table while every output is a single line, else a block per host; equal ones together when the run asked for it (`gather` in its context). */
export function renderRunTables(
  { started }: RunRecord,
  rows: readonly RunRow[],
  words: Words,
): ReportTable[] {
  const together = started.context['gather'] === true ? gatherRows(rows) : rows.map((row) => [row]);
  const groups = together.map((alike) => groupOf(alike, words));
  const last = renderTotals(rows, words);
  if (groups.every(({ lines }) => lines.length <= 1)) return [renderTable(groups, words), last];
  return [...groups.map((group) => renderBlock(group, words)), last];
}

/** The line under a report: `12 ok, 1 failed`. */
export function renderTotals(
  rows: readonly { readonly outcome: string }[],
  words: Words,
): ReportTable {
  const line = renderTally(countNames(rows.map(({ outcome }) => outcome)), words).join(words.comma);
  return { title: '', columns: [], rows: [], notes: [line] };
}

function gatherRows(rows: readonly RunRow[]): RunRow[][] {
  const byLook = new Map<string, RunRow[]>();
  for (const row of rows) {
    const { outcome, exitCode, signal, stdout, stderr, reason } = row;
    // What could not be reached looks alike by its reason; the messages name addresses.
    const said = reason ?? (exitCode === null ? row.message : '');
    const look = JSON.stringify([outcome, exitCode, signal, stdout, stderr, said]);
    byLook.set(look, [...(byLook.get(look) ?? []), row]);
  }
  return [...byLook.values()].sort((a, b) => b.length - a.length);
}

function groupOf(rows: readonly RunRow[], words: Words): Group {
  const [row] = rows;
  if (!row) throw new TypeError('a group has at least one host');
  return { names: rows.map(({ host }) => host), row, lines: linesOf(row, rows.length > 1, words) };
}

function linesOf(row: RunRow, several: boolean, words: Words): string[] {
  const stdout = printableLines(row.stdout);
  const stderr = printableLines(row.stderr);
  const heading = stdout.length > 0 && stderr.length > 0 ? ['stderr:'] : [];
  const more = row.droppedBytes > 0 ? [words.notKept(row.droppedBytes)] : [];
  const lines = [...stdout, ...heading, ...stderr, ...more];
  if (row.exitCode !== null) return lines;
  const why = several && row.reason ? row.reason : row.message;
  return [...lines, why].filter((line) => line !== '');
}

function renderTable(groups: readonly Group[], words: Words): ReportTable {
  return {
    title: '',
    columns: [
      { key: 'host', title: words.host },
      { key: 'outcome', title: words.outcome },
      { key: 'exitCode', title: words.exit, align: 'right' },
      { key: 'output', title: words.output, flexible: true },
    ],
    rows: groups.map(({ names, row, lines }) => [
      nameOf(names, words),
      words[row.outcome],
      row.exitCode === null ? (row.signal ?? '') : String(row.exitCode),
      lines[0] ?? '',
    ]),
    tones: groups.map(({ row }) => toneOf(row.outcome)),
    notes: [],
  };
}

function renderBlock({ names, row, lines }: Group, words: Words): ReportTable {
  const exit = row.exitCode ? words.inParens(`${words.exit} ${row.exitCode}`) : '';
  const signal = row.signal ? words.inParens(row.signal) : '';
  const title = `${nameOf(names, words)}${words.colon}${words[row.outcome]}${exit}${signal}`;
  return { title, columns: [], rows: [], notes: lines };
}

function nameOf(names: readonly string[], words: Words): string {
  const [first = ''] = names;
  return names.length === 1
    ? first
    : foldNames(names) + words.inParens(words.hostCount(names.length));
}
