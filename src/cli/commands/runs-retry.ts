import { LabError } from '../../model/lab-error.ts';
import { defineCommand } from '../define-command.ts';
import { openProjectStore } from '../open-store.ts';
import { requireInvocation, rerun, unfinishedHosts } from '../rerun.ts';

export default defineCommand({
  syntax: 'runs retry [run]',
  summary:
    'Do a run again on the hosts that failed or were out of reach; the latest when none is named',
  families: ['output', 'project'],
  examples: ['runs retry', 'runs retry 20261123-134512-k3f'],
  async run(context, [wanted]) {
    const store = await openProjectStore(context);
    const run = store.findRun((wanted as string | undefined) ?? store.latestRun() ?? '');
    const hosts = unfinishedHosts(store.loadEvents(run));
    if (hosts.length === 0)
      throw new LabError('usage', `nothing failed in the run ${run}`, 'there is nothing to retry');
    return rerun(context, requireInvocation(store, run), { limit: hosts.join(',') });
  },
});
