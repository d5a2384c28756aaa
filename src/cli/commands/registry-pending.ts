import { openRows } from '../../registry/chain.ts';
import { selectOpen } from '../../registry/requests.ts';
import { reportPending } from '../../report/pending-report.ts';
import { defineCommand } from '../define-command.ts';
import { openRegistry } from '../open-registry.ts';
import { showReport } from '../show-report.ts';

export default defineCommand({
  syntax: 'registry pending',
  summary: 'Requests that wait for a decision, and for how long',
  families: ['output', 'project'],
  examples: ['registry pending', 'registry pending -o json'],
  async run(context) {
    const { ledger, occasion } = await openRegistry(context);
    const rows = openRows(ledger.loadByKind('request', 'approve', 'reject'));
    const open = selectOpen(rows, context.io.now());
    await showReport(context, reportPending(open, occasion.at, context.settings.lang));
    return 0;
  },
});
