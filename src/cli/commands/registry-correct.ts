import { LabError } from '../../model/lab-error.ts';
import { makeAsk } from '../../registry/ask.ts';
import { openRows } from '../../registry/chain.ts';
import { refuseConflicts } from '../../registry/plan-change.ts';
import { makeCorrection, planCorrection } from '../../registry/plan-correction.ts';
import { planFiles, readRemarks, showRows } from '../change-register.ts';
import { defineCommand } from '../define-command.ts';
import { holdRegistry } from '../open-registry.ts';
import { personFlags, placeFlags, readFields, remarkFlags } from '../registry-flags.ts';

export default defineCommand({
  syntax: 'registry correct <row>',
  summary: 'Correct what a row of the ledger says: a new row cites it, the old one stays',
  description:
    'What is not named stays as the row has it. From then on `registry who` answers with the correction, for all the time the row is about. Where that row is what holds now, the inventory is changed in the same step.',
  options: [...personFlags, ...placeFlags, ...remarkFlags],
  families: ['inventory', 'output', 'project'],
  examples: ['registry correct 42 --owner 李蕾 --reason "姓名写错"'],
  async run(context, [number], options) {
    const remarks = readRemarks(options);
    if (remarks.reason === '')
      throw new LabError('usage', 'a row is not corrected without a reason', 'add --reason TEXT');
    const registry = await holdRegistry(context);
    const { ledger, loaded, occasion } = registry;
    const stored = /^\d{1,15}$/.test(String(number)) ? ledger.loadRow(Number(number)) : undefined;
    const [row] = stored ? openRows([stored]) : [];
    if (!row)
      throw new LabError(
        'usage',
        `the ledger has no row ${number} with a content`,
        'lab registry history shows the rows',
      );
    const ask = makeAsk('register', row.host, readFields(options));
    const planned = planCorrection(openRows(ledger.loadByHost(row.host)), row, ask);
    const { before, after, isPresent } = planned;
    if (isPresent) refuseConflicts(loaded.inventory, after);
    const files = isPresent
      ? planFiles(registry, { host: row.host, before, after, status: '', isChange: true })
      : [];
    const entry = makeCorrection(planned, occasion, remarks);
    await showRows(context, await registry.save(files, [entry]));
    return 0;
  },
});
