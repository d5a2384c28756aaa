import { LabError } from '../../model/lab-error.ts';
import { bindByCode } from '../../netboot/boot-desk.ts';
import { defineCommand } from '../define-command.ts';
import { openProjectStore } from '../open-store.ts';
import { makeRunIdentity } from '../run-identity.ts';

export default defineCommand({
  syntax: 'netboot bind <host> <code>',
  summary: 'Say that the PC which shows this code is that host, and may be reinstalled',
  description:
    'An armed host of which nobody registered a serial number or UUID shows four characters on its screen and waits. Type them only when you have seen them on the PC that is meant: its disk is wiped next.',
  families: ['project'],
  examples: ['netboot bind a07 K7PX'],
  async run(context, [host, code]) {
    const store = await openProjectStore(context);
    const { who } = makeRunIdentity(context);
    const typed = { host: String(host), code: String(code), who };
    const bound = bindByCode(store.armings, typed, context.io.now());
    if (!bound)
      throw new LabError(
        'refused',
        `${typed.host} shows no such code`,
        'look at the screen of the PC again: it may show a newer one, or its time may be over (lab netboot status)',
      );
    const { uuid, serial } = bound.claimed;
    context.io.stdout.write(
      `${typed.host} is the PC with serial number "${serial}", UUID "${uuid}"; it goes on by itself\n`,
    );
    context.io.stderr.write('register both, and the next time it needs no code\n');
    return 0;
  },
});
