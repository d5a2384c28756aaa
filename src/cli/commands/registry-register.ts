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
  syntax: 'registry register [host]',
  summary:
    'Register who answers for a PC, with its MAC and IP address: inventory and ledger at once',
  description:
    "Writes the owner (and addresses, where given) into the inventory and one row into the ledger, or neither. An address, seat or staff number that is somebody else's is refused with the holder's name. A host that is new needs --room. On a terminal, what is missing is asked for, and the next free seat, name and address are proposed.",
  options: [
    ...personFlags,
    ...placeFlags,
    ['--room <group>', 'room of a host that is new'],
    ...remarkFlags,
    requestFlag,
  ],
  families: ['inventory', 'output', 'project'],
  examples: [
    'registry register a07 --owner 李雷 --owner-id 0120',
    'registry register a31 --room lab_a --seat 31 --mac 00-E0-4C-01-00-1F --ip 10.1.1.31 --owner 李雷 --owner-id 0120',
    'registry register a07 --owner 李雷 --owner-id 0120 --request --reason 新入职',
  ],
  async run(context, [host], options) {
    const named = host as string | undefined;
    const asked = await askRegistration(context, 'register', named, readFields(options));
    const ask = makeAsk('register', asked.host, asked.fields);
    return changeRegister(context, ask, readRemarks(options), options['request'] === true);
  },
});
