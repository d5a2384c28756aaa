import type { Lang, Report } from '../model/report.ts';
import { ledgerWordsOf } from './ledger-words.ts';

/** What walking the chain of the ledger found. */
export interface Verification {
  readonly rows: number;
  /** The last row; `seq` 0 for an empty ledger. */
  readonly last: { readonly seq: number; readonly hash: string };
  /** The first row that is not as it was written. */
  readonly alteration:
    | { readonly seq: number; readonly what: string; readonly message: string }
    | undefined;
}

/** Folds a verification into its report (`lab.verify/1`); `at` is when it was made, ISO 8601. */
export function reportVerification(found: Verification, at: string, lang: Lang): Report {
  const words = ledgerWordsOf(lang);
  const { rows, last, alteration } = found;
  const intact = alteration === undefined;
  const line = alteration
    ? words.altered(alteration.seq, alteration.message)
    : words.intact(rows, last.seq, last.hash);
  return {
    schema: 'lab.verify/1',
    title: '',
    startedAt: at,
    finishedAt: at,
    document: {
      intact,
      totals: { rows },
      last: { ...last },
      alteration: alteration ? { ...alteration } : null,
    },
    tables: [{ title: '', columns: [], rows: [], notes: intact ? [line, words.keep] : [line] }],
    records: {
      columns: ['seq', 'what', 'message'].map((key) => ({ key, title: key })),
      rows: alteration ? [{ ...alteration }] : [],
    },
    cases: [
      {
        suite: 'registry',
        name: 'verify',
        status: intact ? 'passed' : 'failed',
        message: line,
        detail: '',
        durationMs: 0,
      },
    ],
  };
}
