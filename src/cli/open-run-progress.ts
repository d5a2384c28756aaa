import { openProgress, type Progress } from '../report/progress.ts';
import { openProgressClock } from '../report/progress-clock.ts';
import type { Context } from './context.ts';
import { wantsColor } from './show-report.ts';

/** Opens the progress display of a run on stderr, as flags and terminal want it. */
export function openRunProgress(context: Context): Progress {
  const { flags, io, settings } = context;
  return openProgress(io.stderr, openProgressClock(), {
    lang: settings.lang,
    color: wantsColor(context, io.stderr),
    quiet: flags.quiet === true,
  });
}
