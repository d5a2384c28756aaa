import type { Problem } from '../model/problem.ts';
import type { Lang, Report, Tone } from '../model/report.ts';
import { type ImportWords, importWordsOf } from './import-words.ts';

/** What became of one row, as the planner of the import tells it. */
export interface ImportedRow {
  readonly row: number;
  readonly host: string;
  /** The group that a new host is added to, else ''. */
  readonly group: string;
  readonly action: 'add' | 'change' | 'none' | 'refuse';
  readonly changes: readonly {
    readonly key: string;
    readonly before: string;
    readonly after: string;
  }[];
  readonly notes: readonly { readonly cell: string; readonly text: string }[];
  readonly refused?: { readonly cell: string; readonly reason: string; readonly hint: string };
}

/** An import as it ended. */
export interface ImportEnd {
  readonly file: string;
  readonly format: string;
  readonly at: string;
  /** Whether it was asked to write, and whether it did. */
  readonly wanted: boolean;
  readonly applied: boolean;
  readonly problems: readonly Problem[];
}

type Outcome = 'accepted' | 'noted' | 'refused' | 'unchanged';

/** Folds an import into its report (`lab.import/1`): every row with its outcome, the cell that decided it, and what is written. */
export function reportImport(rows: readonly ImportedRow[], end: ImportEnd, lang: Lang): Report {
  const words = importWordsOf(lang);
  const counts = { accepted: 0, noted: 0, refused: 0, unchanged: 0 };
  for (const row of rows) counts[outcomeOf(row)] += 1;
  const documents = rows.map(renderRow);
  const written = rows.filter(({ action }) => action === 'add' || action === 'change').length;
  const state = end.applied
    ? words.applied(written)
    : end.wanted && counts.refused > 0
      ? words.held
      : words.tried;
  const { file, format, at, applied } = end;
  return {
    schema: 'lab.import/1',
    title: '',
    startedAt: at,
    finishedAt: at,
    document: {
      totals: { rows: rows.length, ...counts },
      ...{ file, format, applied },
      rows: documents,
      problems: end.problems.map((problem) => ({ ...problem })),
    },
    tables: [tableOf(rows, words, [words.totals(counts), ...(written > 0 ? [state] : [])])],
    records: {
      columns: ['row', 'cell', 'host', 'outcome', 'changes', 'reason', 'hint'].map((key) => ({
        key,
        title: key,
      })),
      rows: documents,
    },
    carriesOwners: true,
  };
}

function outcomeOf({ action, notes }: ImportedRow): Outcome {
  if (action === 'refuse') return 'refused';
  if (action === 'none') return 'unchanged';
  return notes.length > 0 ? 'noted' : 'accepted';
}

function renderRow(row: ImportedRow) {
  const { refused, changes, notes } = row;
  return {
    row: row.row,
    host: row.host,
    outcome: outcomeOf(row),
    action: row.action,
    cell: refused?.cell ?? '',
    reason: refused?.reason ?? '',
    hint: refused?.hint ?? '',
    changes: changes.map((change) => ({ ...change })),
    notes: notes.map((note) => ({ ...note })),
  };
}

const tones: { readonly [O in Outcome]: Tone } = {
  accepted: 'plain',
  noted: 'doubt',
  refused: 'bad',
  unchanged: 'quiet',
};

/** Refused rows come last, where the eye is when a long table has gone by; rows that change nothing are only counted. */
function tableOf(rows: readonly ImportedRow[], words: ImportWords, notes: readonly string[]) {
  const shown = rows
    .filter(({ action }) => action !== 'none')
    .toSorted((a, b) => Number(a.action === 'refuse') - Number(b.action === 'refuse'));
  return {
    title: '',
    columns: [
      { key: 'row', title: words.row, align: 'right' as const },
      { key: 'cell', title: words.cell },
      { key: 'host', title: words.host },
      { key: 'outcome', title: words.outcome },
      { key: 'what', title: words.what, flexible: true },
    ],
    rows: shown.map((row) => [
      String(row.row),
      row.refused?.cell ?? row.notes[0]?.cell ?? '',
      row.host,
      words.outcomes[outcomeOf(row)] ?? '',
      describe(row, words),
    ]),
    tones: shown.map((row) => tones[outcomeOf(row)]),
    notes,
  };
}

function describe(
  { action, changes, notes, refused, group }: ImportedRow,
  words: ImportWords,
): string {
  if (refused) return refused.hint === '' ? refused.reason : `${refused.reason}\n→ ${refused.hint}`;
  const one = (text: string): string => text.replaceAll('\n', ', ');
  const values = changes.map(({ key, before, after }) =>
    before === '' ? `${key} ${one(after)}` : `${key} ${one(before)} → ${one(after)}`,
  );
  const all = values.join('; ');
  const what = action === 'add' ? words.added(group, all) : words.changed(all);
  return [what, ...notes.map(({ cell, text }) => `${cell}: ${text}`)].join('\n');
}
