import { script } from './greeting.ts';
import { ipxeLine } from './ipxe-words.ts';
import { type LocalDisk, renderLocalDisk } from './local-disk.ts';
import { questionUrl } from './questions.ts';

/** Boots the local disk; a reason, when there is one, is shown for three seconds. */
export function renderLocal(reason: string, disk: LocalDisk): string {
  const said = reason === '' ? [] : [say(reason), 'prompt --timeout 3000 ||'];
  return script([...said, ...renderLocalDisk(disk)]);
}

/** Shows what came of a request, until a key is pressed or half a minute is over; then the local disk. */
export function renderMessage(message: string, disk: LocalDisk): string {
  return script([
    'echo',
    say(message),
    'echo',
    'prompt --timeout 30000 Press a key to start this PC from its disk ||',
    ...renderLocalDisk(disk),
  ]);
}

/** Shows the code by which a technician binds this PC to its host, and asks again every five seconds; ends at the local disk when the service is gone. */
export function renderCode(server: string, host: string, code: string, disk: LocalDisk): string {
  return script([
    'echo',
    say(
      `This PC is to be reinstalled as ${host}, but nobody has registered its serial number yet.`,
    ),
    say(`Read this code to the technician:   ${[...code].join(' ')}`),
    'echo',
    say('It goes on by itself once the code was typed. Ctrl-C starts the local disk.'),
    'sleep 5 || goto local',
    `chain --autofree --replace ${questionUrl(server, '/boot/script')} ||`,
    ...renderLocalDisk(disk),
  ]);
}

function say(text: string): string {
  return `echo ${ipxeLine(text)}`;
}
