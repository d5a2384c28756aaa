import { LabError } from '../../model/lab-error.ts';
import { reportHost } from '../../report/host-report.ts';
import { defineCommand } from '../define-command.ts';
import { loadHostsToRead } from '../load-hosts.ts';
import { showReport } from '../show-report.ts';

export default defineCommand({
  syntax: 'inventory show <host>',
  summary: 'One host: every effective value with the file and line it comes from',
  families: ['inventory', 'output'],
  examples: ['inventory show a07', 'inventory show a07 -o json'],
  async run(context, [pattern]) {
    const { hosts } = await loadHostsToRead(context, pattern as string);
    const [host] = hosts;
    if (host === undefined || hosts.length > 1) {
      throw new LabError(
        'usage',
        `"${pattern}" names ${hosts.length} hosts`,
        'inventory show takes one; inventory list shows many',
      );
    }
    await showReport(
      context,
      reportHost(host, new Date(context.io.now()).toISOString(), context.settings.lang),
    );
    return 0;
  },
});
