import { reportNetbootStatus } from '../../report/netboot-status-report.ts';
import { defineCommand } from '../define-command.ts';
import { answersAt, loadServiceNote } from '../netboot/service-note.ts';
import { openProjectStore } from '../open-store.ts';
import { showReport } from '../show-report.ts';

export default defineCommand({
  syntax: 'netboot status',
  summary: 'Who is armed, at which stage, since when; whether the boot service answers',
  options: [['--all', 'also those that came to their end']],
  families: ['output', 'project'],
  examples: ['netboot status', 'netboot status -o json', 'netboot status --all'],
  async run(context, _, { all }) {
    const { io, settings } = context;
    const store = await openProjectStore(context);
    const note = await loadServiceNote(settings.stateFolder);
    const status = {
      armings: store.armings.list(all === true ? 'all' : 'live'),
      alerts: store.armings.loadAlerts(),
      now: io.now(),
      ...(note && { service: { ...pick(note), isAlive: await answersAt(note.url) } }),
    };
    await showReport(context, reportNetbootStatus(status, settings.lang));
    return 0;
  },
});

function pick({
  url,
  mode,
  interface: card,
  startedAt,
}: {
  url: string;
  mode: string;
  interface: string;
  startedAt: string;
}) {
  return { url, mode, interface: card, startedAt };
}
