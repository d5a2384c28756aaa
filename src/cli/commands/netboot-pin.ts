import { LabError } from '../../model/lab-error.ts';
import { issuePin } from '../../netboot/pin/issue-pin.ts';
import { defineCommand } from '../define-command.ts';
import { loadHostsToRead } from '../load-hosts.ts';
import { openProjectStore } from '../open-store.ts';
import { makeRunIdentity } from '../run-identity.ts';

export default defineCommand({
  syntax: 'netboot pin <room>',
  summary: 'Print a fresh PIN with which PCs of a room may be reinstalled from their boot menu',
  description:
    'The PIN is shown once: only a slow hash of it is kept. It opens the PCs of this room, for so many minutes, until five wrong ones were typed; a new one takes the place of the old.',
  options: [['--minutes <n>', 'how long it is good (default 60, at most 1440)', '60']],
  families: ['inventory', 'project'],
  examples: ['netboot pin room_a', 'netboot pin room_a --minutes 120'],
  async run(context, [room], options) {
    const minutes = Number(options['minutes']);
    if (!Number.isInteger(minutes) || minutes < 1 || minutes > 1440)
      throw new LabError('usage', '--minutes is not a time', 'write whole minutes from 1 to 1440');
    const { rooms } = (await loadHostsToRead(context)).loaded.inventory;
    if (!rooms.some(({ name }) => name === room))
      throw new LabError(
        'usage',
        `there is no room ${String(room)}`,
        `rooms: ${rooms.map(({ name }) => name).join(', ') || 'none in this inventory'}`,
      );
    const store = await openProjectStore(context);
    const { who } = makeRunIdentity(context);
    const now = context.io.now();
    const issued = await issuePin(store.bootPins, { room: String(room), minutes, who, now });
    const until = new Date(issued.expiresAt).toISOString().slice(0, 16).replace('T', ' ');
    context.io.stdout.write(`${issued.pin}\n`);
    context.io.stderr.write(
      `opens the PCs of ${String(room)} until ${until} UTC; it is shown this once\n`,
    );
    return 0;
  },
});
