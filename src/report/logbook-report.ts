import type { Lang, Report } from '../model/report.ts';
import type { Value } from '../model/value.ts';
import { renderLocalSecond } from './local-time.ts';
import { columnOf } from './run-frame.ts';
import { wordsOf } from './words.ts';

/** A row of the logbook as it is shown. */
export type LogbookLine = {
  readonly seq: number;
  readonly at: string;
  readonly who: string;
  readonly text: string;
  readonly run: string;
  readonly hosts: string;
  readonly result: string;
  readonly hash: string;
};

const keys = ['seq', 'at', 'who', 'text', 'run', 'hosts', 'result', 'hash'] as const;

/** The room log or the operation table, oldest row first. */
export function reportLogbook(
  book: string,
  lines: readonly LogbookLine[],
  at: string,
  lang: Lang,
): Report {
  const words = wordsOf(lang);
  const rows: { readonly [key: string]: Value }[] = lines.map((line) =>
    Object.fromEntries(keys.map((key) => [key, line[key]])),
  );
  return {
    schema: 'lab.logbook/1',
    title: '',
    startedAt: at,
    finishedAt: at,
    document: { book, rows },
    tables: [
      {
        title: '',
        columns: [
          { key: 'seq', title: '#', align: 'right' },
          { key: 'at', title: words.when },
          { key: 'who', title: words.who },
          { key: 'text', title: words.done, flexible: true },
          { key: 'hosts', title: words.hosts, flexible: true },
          { key: 'result', title: words.outcome, flexible: true },
        ],
        rows: lines.map(({ seq, at, who, text, hosts, result }) => [
          String(seq),
          renderLocalSecond(at),
          who,
          text,
          hosts,
          result,
        ]),
        notes: lines.length === 0 ? [words.noRows] : [],
      },
    ],
    records: { columns: keys.map(columnOf), rows },
  };
}
