import { defineCommand } from '../define-command.ts';
import { rescueHost } from '../netboot/rescue-host.ts';
import { readDespite, readMinutes } from '../reinstall/read-asked.ts';

export default defineCommand({
  syntax: 'netboot rescue <host>',
  summary:
    'Start one PC with a small Linux in memory and log into it; nothing is written to its disk',
  description:
    "Arms the PC, makes it start from the network, and waits until the system in memory has told its host key; then says how to log in with a technician's key. From then on the PC starts its disk again. Needs a running lab netboot serve; begins when the name of the host is typed back (in scripts: --yes --confirm 1). Whoever is in it can write to the disk: the guards of lab reinstall hold.",
  options: [
    ['--expires <minutes>', 'the PC disarms itself after so long', '60'],
    ['--despite <rules>', 'set aside what is a matter of judgement: class, status, lesson, users'],
  ],
  families: ['inventory', 'connection', 'vars', 'vault', 'confirm', 'project'],
  examples: ['netboot rescue a07', 'netboot rescue a07 --yes --confirm 1'],
  run: (context, [host], { expires, despite }) =>
    rescueHost(context, String(host), {
      expiresMs: readMinutes(String(expires)) * 60_000,
      despite: readDespite(typeof despite === 'string' ? despite : undefined),
    }),
});
