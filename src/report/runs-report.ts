import type { Lang, Report } from '../model/report.ts';
import type { RunSummary } from '../model/run-summary.ts';
import { renderTally } from './tally.ts';
import { type Words, wordsOf } from './words.ts';

const keys = ['run', 'kind', 'title', 'who', 'startedAt', 'finishedAt', 'state', 'hosts'] as const;

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
          { key: 'startedAt', title: words.when },
          { key: 'who', title: words.who },
          { key: 'kind', title: words.kind },
          { key: 'state', title: words.state },
          { key: 'hosts', title: words.hosts, align: 'right' },
          { key: 'totals', title: words.totals, flexible: true },
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
  { run, who, kind, startedAt, state, hosts, totals }: RunSummary,
  words: Words,
): string[] {
  const when = renderLocalTime(new Date(startedAt));
  return [
    run,
    when,
    // The machine is in the records: 80 columns have no place for it.
    who.replace(/@.*/, ''),
    kind,
    words[state],
    String(hosts),
    renderTally(totals, words).join(words.comma),
  ];
}

/** A moment as the clock on the wall shows it, to the minute. */
function renderLocalTime(at: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
