import { LabError } from '../../model/lab-error.ts';
import type { Invocation } from '../../store/store.ts';
import { defineCommand } from '../define-command.ts';
import type { Flags } from '../flags.ts';
import { openProjectStore } from '../open-store.ts';
import { withVars } from '../play/spent-secrets.ts';
import { requireInvocation, rerun, unfinishedHosts } from '../rerun.ts';

export default defineCommand({
  syntax: 'runs retry [run]',
  summary:
    'Do a run again on the hosts that failed or were out of reach; the latest when none is named',
  description:
    'Secrets that were given by --extra-vars are not kept once a run has ended: they are given again. A reinstallation is confirmed anew.',
  families: ['output', 'confirm', 'project', 'vars'],
  examples: ['runs retry', 'runs retry 20261123-134512-k3f', 'runs retry -e @secrets.yml'],
  async run(context, [wanted]) {
    const store = await openProjectStore(context);
    const run = store.findRun((wanted as string | undefined) ?? store.latestRun() ?? '');
    const hosts = unfinishedHosts(store.loadEvents(run));
    if (hosts.length === 0)
      throw new LabError('usage', `nothing failed in the run ${run}`, 'there is nothing to retry');
    const invocation = await withVars(context, run, requireInvocation(store, run));
    return rerun(context, confirmedAnew(invocation, context.flags), { limit: hosts.join(',') });
  },
});

/** What was confirmed then was another number of hosts: a command that destroys something is confirmed for those of now. */
function confirmedAnew(
  invocation: Invocation,
  { yes, confirm }: Pick<Flags, 'yes' | 'confirm'>,
): Invocation {
  if (invocation.command !== 'reinstall') return invocation;
  const { yes: _yes, confirm: _confirm, digest: _digest, ...kept } = invocation.options;
  const given = { ...(yes !== undefined && { yes }), ...(confirm !== undefined && { confirm }) };
  return { ...invocation, options: { ...kept, ...given } };
}
