import type { RunEvent } from '../model/event.ts';
import { openProgress, type Progress } from '../report/progress.ts';
import { openProgressClock } from '../report/progress-clock.ts';
import type { Context } from './context.ts';
import { wantsColor } from './show-report.ts';

/** Opens the progress display of a run on stderr, as flags and terminal want it. */
export function openRunProgress(context: Context): Progress {
  const { flags, io, settings } = context;
  const progress = openProgress(io.stderr, openProgressClock(), {
    lang: settings.lang,
    color: wantsColor(context, io.stderr),
    quiet: flags.quiet === true,
  });
  if (flags.verbose !== true) return progress;
  return {
    ...progress,
    take(event) {
      for (const line of moreOf(event, settings.stateFolder)) progress.say(line);
      progress.take(event);
    },
  };
}

/** What `--verbose` tells beside the progress: where the run is kept, and what to try where a host was not reached. */
function moreOf(event: RunEvent, stateFolder: string): string[] {
  if (event.type === 'run.started') return [`run ${event.run}, kept in ${stateFolder}`];
  if (event.type !== 'host.unreachable' || event.hint === '') return [];
  return [`${event.host}  ${event.hint}`];
}
