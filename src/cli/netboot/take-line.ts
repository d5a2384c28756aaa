import type { BootDesk } from '../../netboot/boot-desk-types.ts';
import { parseLogLine } from '../../netboot/dnsmasq/log.ts';

/** Takes what a line of dnsmasq's log tells to the desk, or to who watches the service. A state folder that fails is said and ends nothing. */
export async function takeLine(
  line: string,
  tftpRoot: string,
  desk: Pick<BootDesk, 'notice' | 'refuse'>,
  say: (text: string) => void,
): Promise<void> {
  const note = parseLogLine(line, tftpRoot);
  try {
    if (note?.type === 'asked') await desk.notice({ mac: note.mac }, 'dhcp', note.evidence);
    else if (note?.type === 'sent') {
      say(`${note.address} fetched ${note.file}`);
      const stage = note.file.startsWith('asset/') ? 'kernel' : 'loader';
      await desk.notice({ address: note.address }, stage, `fetched ${note.file}`);
    } else if (note?.type === 'missing')
      desk.refuse(note.address, '', `TFTP ${note.file}`, 'there is nothing of this name');
    else if (note?.type === 'trouble') say(`dnsmasq: ${note.text}`);
  } catch (error) {
    const trouble = error instanceof Error ? error.message : String(error);
    say(`what dnsmasq told could not be kept: ${trouble}`);
  }
}
