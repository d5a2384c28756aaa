import { ipxeWord } from './ipxe-words.ts';
import { type LocalDisk, renderLocalDisk } from './local-disk.ts';
import { questionUrl } from './questions.ts';

/** The first script: says to the service who this PC is and runs what it answers. Holds no name and no secret; goes to the local disk when nobody answers for half a minute. */
export function renderGreeting(server: string, disk: LocalDisk): string {
  return script([
    'set tries:int8 0',
    ':ask',
    'inc tries',
    `iseq \${tries} 8 && goto local ||`,
    `chain --autofree --replace ${questionUrl(server, '/boot/script')} ||`,
    `echo The boot service ${ipxeWord(server)} does not answer, trying again`,
    'sleep 4',
    'goto ask',
    ...renderLocalDisk(disk),
  ]);
}

/** Joins the lines of an iPXE script; what was typed on a screen before is forgotten first. */
export function script(lines: readonly string[]): string {
  return `${['#!ipxe', 'clear username', 'clear password', ...lines].join('\n')}\n`;
}
