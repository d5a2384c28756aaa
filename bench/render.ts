/** Writes what was measured as plain tables; pure. */
import type { Outcome } from './rounds.ts';
import { median, ratio, type Verdict } from './statistics.ts';

/** A comparison as text: one line per contender, its ratio to the first one of them, then the goals. */
export function renderOutcome(outcome: Outcome): string {
  const [first] = outcome.medians.values();
  const extras = new Set([...outcome.medians.values()].flatMap(({ extra }) => Object.keys(extra)));
  const head = ['contender', 'wall s', 'x first', 'CPU s', 'x first', 'peak MiB', ...extras];
  const rows = [...outcome.medians].map(([name, found]) => [
    name,
    found.wallSeconds.toFixed(3),
    times(ratio(found.wallSeconds, first?.wallSeconds)),
    found.cpuSeconds.toFixed(3),
    times(ratio(found.cpuSeconds, first?.cpuSeconds)),
    found.peakMiB.toFixed(0),
    ...[...extras].map((key) => found.extra[key]?.toFixed(3) ?? ''),
  ]);
  const failed = [...outcome.failures].map(([name, why]) => `  FAILED  ${name}: ${why}`);
  const others = outcome.busyness.map(({ othersShare }) => othersShare);
  const loads = outcome.busyness.map(({ load }) => load);
  return [
    `## ${outcome.title}`,
    `${outcome.rounds} rounds after a warm-up; others used ${percent(median(others))} of the machine before a round (at most ${percent(Math.max(...others))}), load ${Math.min(...loads)} to ${Math.max(...loads)}`,
    '',
    renderTable([head, ...rows]),
    ...failed,
    ...outcome.verdicts.map((verdict) => `  ${renderVerdict(verdict)}`),
    ...outcome.notes.map((note) => `  note: ${note}`),
    '',
  ].join('\n');
}

/** A goal with what was reached. */
export function renderVerdict({ what, verdict, reached, atMost, unit }: Verdict): string {
  const number = (value: number) =>
    unit === 'x' || unit === 's' ? value.toFixed(3) : value.toFixed(0);
  const said = reached === undefined ? '' : `${number(reached)} ${unit}, `;
  return `${verdict.toUpperCase()}: ${what}: ${said}goal at most ${atMost} ${unit}`;
}

const times = (value: number | undefined) => (value === undefined ? '' : `${value.toFixed(2)}x`);
const percent = (share: number) => `${Math.round(share * 100)} %`;

/** Columns as wide as their widest cell: the first to the left, numbers to the right. */
export function renderTable(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(...rows.map((row) => (row[at] ?? '').length)),
  );
  const line = (row: readonly string[]) =>
    widths
      .map((width, at) =>
        at === 0 ? (row[at] ?? '').padEnd(width) : (row[at] ?? '').padStart(width),
      )
      .join('  ')
      .trimEnd();
  const [head = [], ...body] = rows.map(line);
  return [head, widths.map((width) => '-'.repeat(width)).join('  '), ...body]
    .map((each) => `  ${each}`)
    .join('\n');
}
