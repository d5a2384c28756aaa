import { LabError } from '../../model/lab-error.ts';
import { defineCommand } from '../define-command.ts';
import { openProjectStore } from '../open-store.ts';
import { withVars } from '../play/spent-secrets.ts';
import { requireInvocation, rerun, unfinishedHosts } from '../rerun.ts';

export default defineCommand({
  syntax: 'runs retry [run]',
  summary:
    'Do a run again on the hosts that failed or were out of reach; the latest when none is named',
  description:
    'Secrets that were given by --extra-vars are not kept once a run has ended: they are given again.',
  families: ['output', 'project', 'vars'],
  examples: ['runs retry', 'runs retry 20261123-134512-k3f', 'runs retry -e @secrets.yml'],
  async run(context, [wanted]) {
    const store = await openProjectStore(context);
    const run = store.findRun((wanted as string | undefined) ?? store.latestRun() ?? '');
    const hosts = unfinishedHosts(store.loadEvents(run));
    if (hosts.length === 0)
      throw new LabError('usage', `nothing failed in the run ${run}`, 'there is nothing to retry');
    const invocation = await withVars(context, run, requireInvocation(store, run));
    return rerun(context, invocation, { limit: hosts.join(',') });
  },
});
