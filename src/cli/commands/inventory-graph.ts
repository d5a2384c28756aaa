import { reportInventoryTree } from '../../report/inventory-tree.ts';
import { defineCommand } from '../define-command.ts';
import { loadHostsToRead } from '../load-hosts.ts';
import { showReport } from '../show-report.ts';

export default defineCommand({
  syntax: 'inventory graph [pattern]',
  summary: 'Rooms and groups as a tree',
  families: ['inventory', 'output'],
  examples: ['inventory graph', 'inventory graph lab_a'],
  async run(context, [pattern]) {
    const { loaded, hosts } = await loadHostsToRead(context, pattern as string | undefined);
    const at = new Date(context.io.now()).toISOString();
    await showReport(
      context,
      reportInventoryTree(loaded.inventory, hosts, at, context.settings.lang),
    );
    return 0;
  },
});
