import { LabError } from '../../model/lab-error.ts';
import { makeAsk } from '../../registry/ask.ts';
import { changeRegister, readRemarks } from '../change-register.ts';
import { defineCommand } from '../define-command.ts';
import { remarkFlags, requestFlag } from '../registry-flags.ts';

export default defineCommand({
  syntax: 'registry release <host>',
  summary: 'Free the owner and the addresses of a PC that is handed back or scrapped',
  description:
    'Takes owner, ip and mac of the host out of the inventory (an owner it has from its room is hidden by owner: "") and sets status: spare, or retired with --retire, which also frees its seat. Name, room, seat, asset and serial number stay. The ledger keeps who had it.',
  options: [...remarkFlags, ['--retire', 'it is scrapped: status retired'], requestFlag],
  families: ['inventory', 'output', 'project'],
  examples: [
    'registry release a07 --reason 归还',
    'registry release a07 --retire --reason "主板损坏，已报废" --approved-by 总务处',
  ],
  async run(context, [host], options) {
    const remarks = readRemarks(options);
    if (remarks.reason === '')
      throw new LabError('usage', 'a PC is not released without a reason', 'add --reason TEXT');
    const status = options['retire'] === true ? 'retired' : 'spare';
    const ask = makeAsk('release', String(host), {}, status);
    return changeRegister(context, ask, remarks, options['request'] === true);
  },
});
