import { resolve } from 'node:path';
import { planFetch } from '../../engine/plan-fetch.ts';
import { openFetchFolder } from '../../store/fetch-folder.ts';
import { defineCommand } from '../define-command.ts';
import { executeRun } from '../execute-run.ts';
import { loadTargets } from '../load-hosts.ts';
import { makeActing } from '../make-acting.ts';
import { makeRunIdentity } from '../run-identity.ts';

export default defineCommand({
  syntax: 'fetch <pattern> <remote> <folder>',
  summary: 'Bring one file of every host here: FOLDER/<host>/<path>',
  families: ['inventory', 'output', 'connection', 'run', 'project'],
  examples: ['fetch lab_a /var/log/syslog logs', 'fetch all -b /etc/shadow audit'],
  async run(context, [pattern, remote, folder]) {
    const { hosts } = await loadTargets(context, pattern as string);
    const identity = makeRunIdentity(context);
    const { forks, deadlineMs } = makeActing(context, identity, hosts);
    const plan = planFetch({
      hosts,
      forks,
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
      remotePath: remote as string,
      folder: openFetchFolder(resolve(context.io.cwd, folder as string)),
    });
    return (await executeRun(context, { identity, plan, kind: 'fetch' })).exitCode;
  },
});
