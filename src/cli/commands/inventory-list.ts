import { reportInventoryList } from '../../report/inventory-report.ts';
import { defineCommand } from '../define-command.ts';
import { loadHostsToRead } from '../load-hosts.ts';
import { showReport } from '../show-report.ts';

export default defineCommand({
  syntax: 'inventory list [pattern]',
  summary: 'Table of hosts: room, seat, name, MAC, IP, owner, class, status',
  families: ['inventory', 'output'],
  examples: [
    'inventory list',
    "inventory list 'lab_a:!a07'",
    'inventory list lab_b -o csv --output-file lab_b.csv',
  ],
  async run(context, [pattern]) {
    const { hosts } = await loadHostsToRead(context, pattern as string | undefined);
    await showReport(
      context,
      reportInventoryList(hosts, new Date(context.io.now()).toISOString(), context.settings.lang),
    );
    return 0;
  },
});
