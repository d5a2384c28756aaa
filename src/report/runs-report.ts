import type { Lang, Report } from '../model/report.ts';
import { renderDuration } from './duration.ts';
import { type Words, wordsOf } from './words.ts';

/** A run as the store remembers it; times are ISO 8601 in UTC, `finishedAt` is '' while it runs and when it was interrupted. */
export interface RunSummary {
  readonly run: string;
  readonly kind: string;
  readonly title: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly state: 'running' | 'finished' | 'cancelled' | 'interrupted';
  readonly hosts: number;
  readonly totals: { readonly [outcome: string]: number };
}

const keys = ['run', 'kind', 'title', 'startedAt', 'finishedAt', 'state', 'hosts'] as const;

/** Folds runs into their list (`lab.runs/1`), in the order they come in; `at` is when they were read, ISO 8601. */
export function reportRuns(runs: readonly RunSummary[], at: string, lang: Lang): Report {
  const words = wordsOf(lang);
  const rows = runs.map((run) => ({
    ...Object.fromEntries(keys.map((key) => [key, run[key]])),
    totals: run.totals,
  }));
  return {
    schema: 'lab.runs/1',
    title: '',
    startedAt: at,
    finishedAt: at,
    document: { totals: { runs: runs.length }, runs: rows },
    tables: [
      {
        title: '',
        columns: [
          { key: 'run', title: words.run },
          { key: 'startedAt', title: words.started },
          { key: 'took', title: words.took, align: 'right' },
          { key: 'title', title: words.title, flexible: true },
          { key: 'hosts', title: words.hosts, align: 'right' },
          { key: 'outcome', title: words.outcome, flexible: true },
        ],
        rows: runs.map((run) => rowOf(run, words)),
        tones: runs.map(({ state }) => (state === 'finished' ? 'plain' : 'doubt')),
        notes: runs.length === 0 ? [words.noRuns] : [],
      },
    ],
    records: { columns: [...keys, 'totals'].map((key) => ({ key, title: key })), rows },
  };
}

function rowOf(
  { run, title, startedAt, finishedAt, state, hosts, totals }: RunSummary,
  words: Words,
): string[] {
  const counts = Object.entries(totals).filter(([, number]) => number > 0);
  const outcome = counts.map(([name, number]) => `${number} ${name}`).join(', ');
  const took =
    finishedAt === '' ? '' : renderDuration(Date.parse(finishedAt) - Date.parse(startedAt));
  const ended = state === 'finished' ? '' : words[state];
  return [
    run,
    startedAt.slice(0, 19).replace('T', ' '),
    took,
    title,
    String(hosts),
    [ended, outcome].filter((text) => text !== '').join(': '),
  ];
}
