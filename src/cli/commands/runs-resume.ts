import { LabError } from '../../model/lab-error.ts';
import { defineCommand } from '../define-command.ts';
import { openProjectStore } from '../open-store.ts';
import { requireInvocation, rerun } from '../rerun.ts';

export default defineCommand({
  syntax: 'runs resume [run]',
  summary: 'Go on with a playbook run that was cut off; only what is unfinished is done',
  description:
    'A command that was begun and of which nobody knows the end is shown and asked about. The playbook must be the one that was cut off.',
  families: ['output', 'project'],
  examples: ['runs resume', 'runs resume 20261123-134512-k3f'],
  async run(context, [wanted]) {
    const store = await openProjectStore(context);
    const run = store.findRun((wanted as string | undefined) ?? store.latestRun() ?? '');
    const known = (await store.listRuns()).find((one) => one.run === run);
    if (known?.state === 'running')
      throw new LabError('refused', `the run ${run} is still going on`, 'lab runs watch shows it');
    if (known?.state === 'finished')
      throw new LabError(
        'usage',
        `the run ${run} came to its end`,
        'lab runs retry does what failed again',
      );
    const invocation = requireInvocation(store, run);
    if (invocation.command !== 'play')
      throw new LabError(
        'usage',
        `the run ${run} is no playbook run`,
        'ask for it anew, or use lab runs retry',
      );
    return rerun(context, invocation, { resumeRun: run });
  },
});
