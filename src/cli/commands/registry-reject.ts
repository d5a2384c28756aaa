import { LabError } from '../../model/lab-error.ts';
import { openRows } from '../../registry/chain.ts';
import {
  findRequest,
  planRejection,
  refuseOwnRequest,
  selectOpen,
} from '../../registry/requests.ts';
import { readRemarks, showRows } from '../change-register.ts';
import { defineCommand } from '../define-command.ts';
import { holdRegistry } from '../open-registry.ts';
import { remarkFlags } from '../registry-flags.ts';

export default defineCommand({
  syntax: 'registry reject <request>',
  summary: 'Reject a request, with the reason; nothing is changed but the ledger',
  options: [...remarkFlags],
  families: ['output', 'project'],
  examples: ['registry reject 17 --reason 座位已满'],
  async run(context, [id], options) {
    const { reason, approvedBy } = readRemarks(options);
    if (reason === '')
      throw new LabError(
        'usage',
        'a request is not rejected without a reason',
        'add --reason TEXT',
      );
    const registry = await holdRegistry(context);
    const { ledger, occasion } = registry;
    const rows = openRows(ledger.loadByKind('request', 'approve', 'reject'));
    const request = findRequest(selectOpen(rows, context.io.now()), String(id));
    const decider = approvedBy === '' ? occasion.who : approvedBy;
    refuseOwnRequest(request, decider);
    const entry = planRejection(request, occasion, { reason, approvedBy: decider });
    await showRows(context, await registry.save([], [entry]));
    return 0;
  },
});
