import { LabError } from '../../model/lab-error.ts';
import { resumesKey } from '../../store/play-journal.ts';
import { defineCommand } from '../define-command.ts';
import { findResumable } from '../find-resumable.ts';
import { openProjectStore } from '../open-store.ts';
import { requireInvocation, rerun } from '../rerun.ts';

export default defineCommand({
  syntax: 'runs resume [run]',
  summary:
    'Go on with a playbook run or a reinstallation that was cut off; only what is unfinished is done',
  description:
    'A command that was begun and of which nobody knows the end is shown and asked about; where nobody can be asked it fails on that host, and --in-doubt answers. The playbook must be the one that was cut off. Without a name it is the newest run that can be resumed. A reinstallation goes on where each PC really is: nothing is written twice.',
  options: [
    [
      '--in-doubt <what>',
      'redo, skip or fail: what becomes of commands that were cut off; of one host: a03=skip',
    ],
    ['--wait <seconds>', 'wait so long for hosts that are locked (default 60)'],
  ],
  families: ['output', 'project'],
  examples: [
    'runs resume',
    'runs resume 20261123-134512-k3f',
    'runs resume --in-doubt redo,a03=skip',
  ],
  async run(context, [wanted], { inDoubt, wait }) {
    const store = await openProjectStore(context);
    const run = await findResumable(store, wanted as string | undefined);
    if (wanted === undefined && context.flags.quiet !== true)
      context.io.stderr.write(`going on with the run ${run}\n`);
    const invocation = requireInvocation(store, run);
    if (invocation.command === 'reinstall')
      return rerun(context, invocation, { [resumesKey]: run });
    if (invocation.command !== 'play')
      throw new LabError(
        'usage',
        `the run ${run} is neither a playbook run nor a reinstallation`,
        'ask for it anew, or use lab runs retry',
      );
    return rerun(context, invocation, {
      [resumesKey]: run,
      ...(typeof inDoubt === 'string' && { inDoubt }),
      ...(typeof wait === 'string' && { wait }),
    });
  },
});
