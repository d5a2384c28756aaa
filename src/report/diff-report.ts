import type { Lang, Report, ReportTable } from '../model/report.ts';
import type { Bound, Change, Differences } from './diff-bindings.ts';
import type { TextLine } from './diff-lines.ts';
import { type Words, wordsOf } from './words.ts';

/** What was compared, and what was found. */
export interface Comparison {
  /** The export's name. */
  readonly format: string;
  /** The live text's path, as typed. */
  readonly live: string;
  readonly differences: Differences<Bound> | Differences<TextLine>;
  /** Lines of the live text that were not understood, and so not compared. */
  readonly unknown: readonly { readonly line: number; readonly text: string }[];
  readonly carriesOwners: boolean;
  /** The host an entry is about, '' for none. */
  nameOf(bound: Bound): string;
}

type Side = Bound | TextLine;

/** Folds a comparison into its report (`lab.diff/1`); `at` is when it was made, ISO 8601. */
export function reportDiff(comparison: Comparison, at: string, lang: Lang): Report {
  const { format, live, differences, unknown } = comparison;
  const words = wordsOf(lang);
  const changes: readonly Change<Side>[] = differences.changes;
  const rows = changes.map((each) => rowOf(each, comparison));
  const told = unknown.filter(isTelling);
  return {
    schema: 'lab.diff/1',
    title: '',
    startedAt: at,
    finishedAt: at,
    document: {
      totals: { ...countChanges(comparison), unknown: unknown.length },
      format,
      live,
      changes: changes.map((each) => ({ ...documentOf(each), name: nameOf(each, comparison) })),
      unknown: told.map(({ line, text }) => ({ line, text })),
    },
    tables: [
      changesTable(rows, comparison, words),
      ...(told.length === 0 ? [] : [unknownTable(told, words)]),
    ],
    records: { columns: keys.map((key) => ({ key, title: key })), rows },
    carriesOwners: comparison.carriesOwners,
  };
}

/** How many entries differ in each way, and how many are the same. */
export function countChanges({ differences }: Comparison): {
  readonly [word in 'added' | 'removed' | 'changed' | 'unchanged']: number;
} {
  const changes: readonly Change<Side>[] = differences.changes;
  const count = (word: string) => changes.filter(({ change }) => change === word).length;
  return {
    added: count('added'),
    removed: count('removed'),
    changed: count('changed'),
    unchanged: differences.unchanged,
  };
}

const keys = ['change', 'line', 'name', 'before', 'after'] as const;
type Row = {
  readonly change: Change<Side>['change'];
  readonly line: number;
  readonly name: string;
  readonly before: string;
  readonly after: string;
};

function rowOf(each: Change<Side>, comparison: Comparison): Row {
  const other = each.change === 'changed';
  return {
    change: each.change,
    line: each.line,
    name: nameOf(each, comparison),
    before: textOf(each.before, other ? each.after : null),
    after: textOf(each.after, other ? each.before : null),
  };
}

function nameOf({ before, after }: Change<Side>, { nameOf }: Comparison): string {
  const side = after ?? before;
  return side === null || 'text' in side ? '' : nameOf(side);
}

function documentOf({ change, line, before, after }: Change<Side>) {
  return { change, line, before: before && { ...before }, after: after && { ...after } };
}

/** An entry in words; of one that changed, only what is not as on the other side. */
function textOf(side: Side | null, other: Side | null): string {
  if (side === null) return '';
  if ('text' in side) return side.text;
  const parts = (['ip', 'mac', 'name', 'vlan', 'port'] as const).filter((field) =>
    other === null || 'text' in other ? side[field] !== '' : side[field] !== other[field],
  );
  return parts.map((field) => labelled(field, side[field])).join(' ');
}

function labelled(field: keyof Bound, value: string): string {
  if (value === '') return `${field} -`;
  return field === 'ip' || field === 'mac' ? value : `${field} ${value}`;
}

const tones = { added: 'good', removed: 'bad', changed: 'doubt' } as const;

function changesTable(rows: readonly Row[], comparison: Comparison, words: Words): ReportTable {
  const counts = countChanges(comparison);
  const named = rows.some(({ name }) => name !== '');
  return {
    title: '',
    columns: [
      { key: 'change', title: '' },
      { key: 'line', title: words.line, align: 'right' },
      ...(named ? [{ key: 'name', title: words.host }] : []),
      { key: 'before', title: words.live, flexible: true },
      { key: 'after', title: words.wanted, flexible: true },
    ],
    rows: rows.map(({ change, line, name, before, after }) => [
      words[change],
      line === 0 ? '' : String(line),
      ...(named ? [name] : []),
      before,
      after,
    ]),
    tones: rows.map(({ change }) => tones[change]),
    notes: [
      rows.length === 0
        ? words.noChanges(counts.unchanged)
        : words.changes(counts.added, counts.removed, counts.changed, counts.unchanged),
      ...(comparison.unknown.length === 0 ? [] : [words.notCompared(comparison.unknown.length)]),
    ],
  };
}

function unknownTable(
  lines: readonly { readonly line: number; readonly text: string }[],
  words: Words,
): ReportTable {
  return {
    title: words.notUnderstood,
    columns: [
      { key: 'line', title: words.line, align: 'right' },
      { key: 'text', title: '', flexible: true },
    ],
    rows: lines.map(({ line, text }) => [String(line), text.trim()]),
    tones: lines.map(() => 'doubt'),
    notes: [],
  };
}

const address =
  /(?<![0-9a-f])(?:[0-9a-f]{4}[-.:]){2}[0-9a-f]{4}(?![0-9a-f])|(?:[0-9a-f]{1,2}[:-]){5}[0-9a-f]{1,2}/i;
const secret = /passw|cipher|secret|community|\bkey\b/i;

/** Of a whole configuration only lines that look like entries are shown: others are many, and some hold passwords. */
function isTelling({ text }: { readonly text: string }): boolean {
  return address.test(text) && !secret.test(text);
}
