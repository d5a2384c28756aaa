import { LabError } from '../../model/lab-error.ts';
import { resumesKey } from '../../store/play-journal.ts';
import type { Store } from '../../store/store.ts';
import { defineCommand } from '../define-command.ts';
import { openProjectStore } from '../open-store.ts';
import { requireInvocation, rerun } from '../rerun.ts';

export default defineCommand({
  syntax: 'runs resume [run]',
  summary: 'Go on with a playbook run that was cut off; only what is unfinished is done',
  description:
    'A command that was begun and of which nobody knows the end is shown and asked about; where nobody can be asked it fails on that host, and --in-doubt answers. The playbook must be the one that was cut off.',
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
    const run = store.findRun((wanted as string | undefined) ?? store.latestRun() ?? '');
    await requireCutOff(store, run);
    const invocation = requireInvocation(store, run);
    if (invocation.command !== 'play')
      throw new LabError(
        'usage',
        `the run ${run} is no playbook run`,
        'ask for it anew, or use lab runs retry',
      );
    return rerun(context, invocation, {
      [resumesKey]: run,
      ...(typeof inDoubt === 'string' && { inDoubt }),
      ...(typeof wait === 'string' && { wait }),
    });
  },
});

/** Refuses a run that goes on, that another one went on with, or that left nothing to do. */
async function requireCutOff(store: Store, run: string): Promise<void> {
  const successor = store.findSuccessor(run);
  if (successor !== undefined)
    throw new LabError(
      'usage',
      `the run ${successor} went on with ${run}`,
      `lab runs show ${successor} tells what it came to`,
    );
  const known = (await store.listRuns()).find((one) => one.run === run);
  if (known?.state === 'running')
    throw new LabError('refused', `the run ${run} is still going on`, 'lab runs watch shows it');
  if (known?.state === 'finished' && !store.hasDoubts(run))
    throw new LabError(
      'usage',
      `the run ${run} came to its end`,
      'lab runs retry does what failed again',
    );
}
