import { isMapping } from '../../model/value.ts';
import { defineCommand } from '../define-command.ts';
import { foldReport } from '../fold-report.ts';
import { openProjectStore } from '../open-store.ts';
import { type Display, displayOf, showReport } from '../show-report.ts';

export default defineCommand({
  syntax: 'runs show [run]',
  summary:
    'Print the report of a run again, byte for byte, without the hosts; the latest when none is named',
  families: ['output', 'project'],
  examples: ['runs show', 'runs show 20261123-134512-k3f', 'runs show 20261123-13 -o junit'],
  async run(context, [wanted]) {
    const store = await openProjectStore(context);
    const run = store.findRun((wanted as string | undefined) ?? store.latestRun() ?? '');
    const events = store.loadEvents(run);
    const [first] = events;
    const kept = first?.type === 'run.started' ? first.context['display'] : undefined;
    const asked = displayOf(context);
    // As it was printed then; flags of today win.
    const display = isMapping(kept) ? ({ ...kept } as unknown as Display) : asked;
    const lang = context.flags.lang ?? display.lang;
    await showReport(context, await foldReport(events, lang), {
      ...display,
      output: context.flags.output ?? display.output,
      lang,
    });
    return 0;
  },
});
