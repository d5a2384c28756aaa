import type { RunEvent } from '../model/event.ts';
import type { Lang, Report } from '../model/report.ts';

/** Folds a run's events into the report of its kind; the same events always give the same report. */
export async function foldReport(events: readonly RunEvent[], lang: Lang): Promise<Report> {
  const [first] = events;
  const kind = first?.type === 'run.started' ? first.kind : '';
  if (kind === 'check') return (await import('../report/check-report.ts')).foldCheck(events, lang);
  if (kind === 'facts') return (await import('../report/facts-report.ts')).foldFacts(events, lang);
  return (await import('../report/fold-run.ts')).foldRun(events, lang);
}
