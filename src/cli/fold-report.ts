import type { RunEvent } from '../model/event.ts';
import type { Lang, Report } from '../model/report.ts';

/** Makes a report of events; the same events always give the same report. */
export type Fold = (events: readonly RunEvent[], lang: Lang) => Report;

/** Loads what folds a kind of run. A run loads it before it begins: then nothing has to be loaded when it is over, whatever happened to the program's files meanwhile. */
export async function loadFold(kind: string): Promise<Fold> {
  if (kind === 'check') return (await import('../report/check-report.ts')).foldCheck;
  if (kind === 'play') return (await import('../report/play-report.ts')).foldPlay;
  if (kind === 'facts') return (await import('../report/facts-report.ts')).foldFacts;
  if (kind === 'reinstall') return (await import('../report/reinstall-report.ts')).foldReinstall;
  return (await import('../report/fold-run.ts')).foldRun;
}

/** Folds a stored run into the report of its kind. */
export async function foldReport(events: readonly RunEvent[], lang: Lang): Promise<Report> {
  const [first] = events;
  const fold = await loadFold(first?.type === 'run.started' ? first.kind : '');
  return fold(events, lang);
}
