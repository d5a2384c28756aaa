import type { LedgerRow } from '../../model/registration.ts';
import { openRows } from '../../registry/chain.ts';
import { planChange } from '../../registry/plan-change.ts';
import {
  findRequest,
  planApproval,
  refuseOwnRequest,
  selectOpen,
} from '../../registry/requests.ts';
import { planFiles, readRemarks, showRows } from '../change-register.ts';
import { defineCommand } from '../define-command.ts';
import { holdRegistry } from '../open-registry.ts';
import { remarkFlags } from '../registry-flags.ts';

export default defineCommand({
  syntax: 'registry approve <request>',
  summary: 'Approve a request and carry it out; never one of your own',
  description:
    'Two rows are filed: the approval, and the change with who approved it, who applied for it and who carried it out. The request is worked out anew against the inventory as it is now.',
  options: [...remarkFlags],
  families: ['inventory', 'output', 'project'],
  examples: ['registry approve 17', 'registry approve 17 --approved-by 李校长 --reason 同意'],
  async run(context, [id], options) {
    const { reason, approvedBy } = readRemarks(options);
    const registry = await holdRegistry(context);
    const { ledger, occasion, loaded } = registry;
    const rows = openRows(ledger.loadByKind('request', 'approve', 'reject'));
    const request = findRequest(selectOpen(rows, context.io.now()), String(id));
    const approver = approvedBy === '' ? occasion.who : approvedBy;
    refuseOwnRequest(request, approver);
    const planned = planChange(loaded.inventory, request.ask);
    const [approval, change] = planApproval(request, planned, occasion, {
      reason,
      approvedBy: approver,
    });
    const entries = [approval, planned.isChange ? change : undefined].filter(
      (entry) => entry !== undefined,
    );
    const files = planned.isChange ? planFiles(registry, planned) : [];
    const written: LedgerRow[] = await registry.save(files, entries);
    await showRows(context, written);
    return 0;
  },
});
