import type { Lang, Report } from '../model/report.ts';
import { reinstallWordsOf } from './reinstall-words.ts';
import { countNames } from './tally.ts';
import { wordsOf } from './words.ts';

/** Shows which hosts were disarmed (`lab.disarm/1`); `state` is `disarmed`, or `not armed`. */
export function reportDisarmed(
  rows: readonly { readonly host: string; readonly state: string; readonly stage: string }[],
  at: string,
  lang: Lang,
): Report {
  const words = wordsOf(lang);
  return {
    schema: 'lab.disarm/1',
    title: '',
    startedAt: at,
    finishedAt: at,
    document: { totals: countNames(rows.map(({ state }) => state)), hosts: rows },
    tables: [
      {
        title: '',
        columns: [
          { key: 'host', title: words.host },
          { key: 'state', title: words.state },
          { key: 'stage', title: reinstallWordsOf(lang).stage },
        ],
        rows: rows.map(({ host, state, stage }) => [host, state, stage]),
        notes: [],
      },
    ],
    records: { columns: ['host', 'state', 'stage'].map((key) => ({ key, title: key })), rows },
  };
}
