import { printableLines } from '../model/display.ts';
import { foldNames } from '../model/host-names.ts';
import type { Lang, ReportTable, Tone } from '../model/report.ts';
import { countOutcomes, type FoldedRun } from './fold-hosts.ts';
import type { RunRow } from './fold-run.ts';
import { wordIn } from './run-words.ts';

/** Hosts that are shown together; without gathering each host is alone. */
interface Group {
  readonly names: readonly string[];
  readonly row: RunRow;
  /** What is shown of the output, a line each. */
  readonly lines: readonly string[];
}

const tones: { readonly [outcome: string]: Tone } = {
  ok: 'good',
  changed: 'good',
  failed: 'bad',
  unreachable: 'doubt',
  cancelled: 'quiet',
  skipped: 'quiet',
};

/** The colour of an outcome. */
export function toneOf(outcome: string): Tone {
  return tones[outcome] ?? 'plain';
}

/** Shows a command's outputs to people: one table while every output is a single line, else a block per host; equal ones together when the run asked for it (`gather` in its context). */
export function renderRunTables(
  { context }: FoldedRun,
  rows: readonly RunRow[],
  lang: Lang,
): ReportTable[] {
  const word = wordIn(lang);
  const groups = context['gather'] === true ? gatherRows(rows) : rows.map((row) => groupOf([row]));
  const last = renderTotals(rows, word);
  if (groups.every(({ lines }) => lines.length <= 1)) return [renderTable(groups, word), last];
  return [...groups.map((group) => renderBlock(group, word)), last];
}

/** The line under a report: `12 ok, 1 failed`. */
export function renderTotals(
  rows: readonly { readonly outcome: string }[],
  word: (word: string) => string,
): ReportTable {
  const counts = Object.entries(countOutcomes(rows));
  const line = counts.map(([outcome, count]) => `${count} ${word(outcome)}`).join(', ');
  return { title: '', columns: [], rows: [], notes: [line] };
}

function gatherRows(rows: readonly RunRow[]): Group[] {
  const byLook = new Map<string, RunRow[]>();
  for (const row of rows) {
    const { outcome, exitCode, signal, stdout, stderr, reason } = row;
    // What could not be reached looks alike by its reason; the messages name addresses.
    const said = reason ?? (exitCode === null ? row.message : '');
    const look = JSON.stringify([outcome, exitCode, signal, stdout, stderr, said]);
    byLook.set(look, [...(byLook.get(look) ?? []), row]);
  }
  return [...byLook.values()].map(groupOf).sort((a, b) => b.names.length - a.names.length);
}

function groupOf(rows: readonly RunRow[]): Group {
  const [row] = rows;
  if (!row) throw new TypeError('a group has at least one host');
  return { names: rows.map(({ host }) => host), row, lines: linesOf(row, rows.length > 1) };
}

function linesOf(row: RunRow, several: boolean): string[] {
  const stdout = printableLines(row.stdout);
  const stderr = printableLines(row.stderr);
  const heading = stdout.length > 0 && stderr.length > 0 ? ['stderr:'] : [];
  const more = row.droppedBytes > 0 ? [`… ${row.droppedBytes} more bytes were not kept`] : [];
  const lines = [...stdout, ...heading, ...stderr, ...more];
  if (row.exitCode !== null) return lines;
  const why = several && row.reason ? row.reason : row.message;
  return [...lines, why].filter((line) => line !== '');
}

function renderTable(groups: readonly Group[], word: (word: string) => string): ReportTable {
  return {
    title: '',
    columns: [
      { key: 'host', title: word('host') },
      { key: 'outcome', title: word('outcome') },
      { key: 'exitCode', title: word('exit'), align: 'right' },
      { key: 'output', title: word('output'), flexible: true },
    ],
    rows: groups.map(({ names, row, lines }) => [
      nameOf(names, word),
      word(row.outcome),
      row.exitCode === null ? (row.signal ?? '') : String(row.exitCode),
      lines[0] ?? '',
    ]),
    tones: groups.map(({ row }) => toneOf(row.outcome)),
    notes: [],
  };
}

function renderBlock({ names, row, lines }: Group, word: (word: string) => string): ReportTable {
  const exit = row.exitCode ? ` (${word('exit')} ${row.exitCode})` : '';
  const signal = row.signal ? ` (${row.signal})` : '';
  const title = `${nameOf(names, word)}: ${word(row.outcome)}${exit}${signal}`;
  return { title, columns: [], rows: [], notes: lines };
}

function nameOf(names: readonly string[], word: (word: string) => string): string {
  const [first = ''] = names;
  return names.length === 1 ? first : `${foldNames(names)} (${names.length} ${word('hosts')})`;
}
