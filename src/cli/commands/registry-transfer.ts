import { makeAsk } from '../../registry/ask.ts';
import { askRegistration } from '../ask-registration.ts';
import { changeRegister, readRemarks } from '../change-register.ts';
import { defineCommand } from '../define-command.ts';
import {
  personFlags,
  placeFlags,
  readFields,
  remarkFlags,
  requestFlag,
} from '../registry-flags.ts';

export default defineCommand({
  syntax: 'registry transfer <host>',
  summary: 'Hand a PC on to another owner; it keeps its addresses unless others are given',
  description:
    'The whole owner is replaced: department and telephone of the one before do not stay. A PC that nobody answers for is registered instead.',
  options: [...personFlags, ...placeFlags, ...remarkFlags, requestFlag],
  families: ['inventory', 'output', 'project'],
  examples: [
    'registry transfer a07 --owner 韩梅梅 --owner-id 0121 --reason 调岗',
    'registry transfer office-3 --owner 韩梅梅 --owner-id 0121 --phone 8600121 --approved-by 校长室',
  ],
  async run(context, [host], options) {
    const asked = await askRegistration(context, 'transfer', String(host), readFields(options));
    const ask = makeAsk('transfer', asked.host, asked.fields);
    return changeRegister(context, ask, readRemarks(options), options['request'] === true);
  },
});
