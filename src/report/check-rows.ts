import type { RunHost, StepFinished } from '../model/event.ts';
import type { Judgement, Verdict } from '../model/plan.ts';
import type { RunRecord } from './run-record.ts';

export const verdicts: readonly Verdict[] = ['pass', 'warn', 'fail', 'unknown', 'skip'];

/** What one check said about one host; `reason` is a stable word or ''. */
export interface CheckRow {
  readonly host: string;
  readonly room: string;
  readonly seat: string;
  readonly check: string;
  readonly verdict: Verdict;
  readonly found: string;
  readonly expected: string;
  readonly hint: string;
  readonly reason: string;
  readonly durationMs: number;
}

/** A host with its rows, in the order of the checks. */
export interface CheckedHost {
  readonly host: RunHost;
  readonly rows: readonly CheckRow[];
}

/** One row per host and check that came to an end, hosts in seat order. */
export function foldCheckRows(record: RunRecord): CheckedHost[] {
  return record.hosts.map((host) => {
    const results = record.results.get(host.host);
    const rows = record.started.steps.flatMap(({ id }) => {
      const finished = results?.get(id);
      return finished ? [rowOf(host, finished)] : [];
    });
    return { host, rows };
  });
}

function rowOf({ host, room, seat }: RunHost, finished: StepFinished): CheckRow {
  const {
    verdict,
    found,
    expected = '',
    hint = '',
  } = finished.judgement ?? withoutJudgement(finished);
  const reason = finished.reason ?? finished.data?.['reason'];
  return {
    host,
    room,
    seat,
    check: finished.step,
    verdict,
    found,
    expected,
    hint,
    reason: typeof reason === 'string' ? reason : '',
    durationMs: finished.durationMs,
  };
}

// A check that ended without saying what it found proves nothing, however it ended.
function withoutJudgement({ outcome, message }: StepFinished): Judgement {
  return { verdict: outcome === 'skipped' ? 'skip' : 'unknown', found: message ?? outcome };
}
