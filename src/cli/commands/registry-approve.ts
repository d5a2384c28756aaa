import { LabError } from '../../model/lab-error.ts';
import type { LedgerRow } from '../../model/registration.ts';
import { openRows } from '../../registry/chain.ts';
import { planChange } from '../../registry/plan-change.ts';
import {
  findRequest,
  type OpenRequest,
  planApproval,
  type Remarks,
  refuseOwnRequest,
  selectOpen,
} from '../../registry/requests.ts';
import { nameOwner } from '../../registry/unknown-person.ts';
import { planFiles, readRemarks, showRows } from '../change-register.ts';
import { defineCommand } from '../define-command.ts';
import { type HeldRegistry, holdRegistry } from '../open-registry.ts';
import { remarkFlags, textOf } from '../registry-flags.ts';

export default defineCommand({
  syntax: 'registry approve <requests...>',
  summary: 'Approve requests and carry them out; never one of your own',
  description:
    'Two rows are filed for each: the approval, and the change with who approved it, who applied for it and who carried it out. A request is worked out anew against the inventory as it is now; one that has become impossible is refused and waits on.',
  options: [
    ['--owner <name>', 'who it is that a request of the boot menu names by a staff number alone'],
    ...remarkFlags,
  ],
  families: ['inventory', 'output', 'project'],
  examples: [
    'registry approve 17 18',
    'registry approve 19 --owner 王芳',
    'registry approve 17 --approved-by 李校长 --reason 同意',
  ],
  async run(context, [ids], options) {
    const remarks = readRemarks(options);
    let registry = await holdRegistry(context);
    const { ledger, occasion } = registry;
    const rows = openRows(ledger.loadByKind('request', 'approve', 'reject'));
    const open = selectOpen(rows, context.io.now());
    const chosen = [...new Set(ids as string[])].map((id) => findRequest(open, id));
    const approvedBy = remarks.approvedBy === '' ? occasion.who : remarks.approvedBy;
    const owner = textOf(options, 'owner') ?? '';
    if (owner !== '' && chosen.length > 1)
      throw new LabError('usage', '--owner names the person of one request', 'approve it alone');
    const { inventory } = registry.loaded;
    const named = chosen.map((one) => ({ ...one, ask: nameOwner(one, inventory, owner) }));
    for (const request of named) refuseOwnRequest(request, approvedBy);
    const written: LedgerRow[] = [];
    try {
      for (const request of named) {
        written.push(...(await carryOut(registry, request, { ...remarks, approvedBy })));
        registry = await registry.reload();
      }
    } finally {
      // Also those that were carried out before one that could not be.
      if (written.length > 0) await showRows(context, written);
    }
    return 0;
  },
});

async function carryOut(
  registry: HeldRegistry,
  request: OpenRequest,
  remarks: Remarks,
): Promise<LedgerRow[]> {
  const planned = planChange(registry.loaded.inventory, request.ask);
  const [approval, change] = planApproval(request, planned, registry.occasion, remarks);
  return planned.isChange
    ? registry.save(planFiles(registry, planned), [approval, change])
    : registry.save([], [approval]);
}
