import { planNewHost, planRegistrationEdit } from '../inventory/edit/registration-edit.ts';
import { printable } from '../model/display.ts';
import type { LedgerRow, RegistryAsk } from '../model/registration.ts';
import { readWords } from '../registry/ask.ts';
import { type PlannedChange, planChange } from '../registry/plan-change.ts';
import { makeEntry } from '../registry/reconcile.ts';
import { planRequest, type Remarks, refuseOwnApproval } from '../registry/requests.ts';
import { reportLedger } from '../report/ledger-report.ts';
import type { FileChange } from '../store/registry-change.ts';
import { parseYaml } from '../store/yaml.ts';
import type { Context } from './context.ts';
import type { CommandOptions } from './define-command.ts';
import { type HeldRegistry, holdRegistry } from './open-registry.ts';
import { textOf } from './registry-flags.ts';
import { showReport } from './show-report.ts';

/** What the flags say of why and by whose leave; throws LabError 'input' for texts no form could show. */
export function readRemarks(options: CommandOptions): Remarks {
  return {
    reason: readWords('--reason', textOf(options, 'reason')),
    approvedBy: readWords('--approved-by', textOf(options, 'approvedBy')),
  };
}

/** Carries a change of the register out, or files it as a request; shows the rows that were written and answers the exit code. */
export async function changeRegister(
  context: Context,
  ask: RegistryAsk,
  remarks: Remarks,
  isRequest: boolean,
): Promise<number> {
  const registry = await holdRegistry(context);
  const { occasion } = registry;
  refuseOwnApproval(ask.owner, occasion.who, remarks.approvedBy);
  const planned = planChange(registry.loaded.inventory, ask);
  if (!planned.isChange) {
    context.io.stderr.write(printable(`${ask.host}: the register says so already`).concat('\n'));
    await showRows(context, []);
    return 0;
  }
  const files = planFiles(registry, planned);
  const { host, before, after } = planned;
  const rows = isRequest
    ? await registry.save([], [planRequest(planned, ask, occasion, remarks.reason)])
    : await registry.save(files, [
        makeEntry(occasion, ask.verb, { host, before, after, ...remarks }),
      ]);
  await showRows(context, rows);
  return 0;
}

/** The inventory's files as a planned change leaves them. */
export function planFiles({ loaded }: HeldRegistry, planned: PlannedChange): FileChange[] {
  const { before, after, status } = planned;
  return before === null
    ? planNewHost(loaded.raw, after, parseYaml)
    : planRegistrationEdit(loaded.raw, { before, after, status }, parseYaml);
}

/** Shows rows of the ledger as the report that was asked for; `isWritten` when this command filed them. */
export function showRows(
  context: Context,
  rows: readonly LedgerRow[],
  isWritten = true,
): Promise<void> {
  const at = new Date(context.io.now()).toISOString();
  return showReport(context, reportLedger(rows, at, context.settings.lang, isWritten));
}
