import { LabError } from '../../model/lab-error.ts';
import { openRows } from '../../registry/chain.ts';
import { maskSheet } from '../../registry/masks.ts';
import { makeSheet } from '../../registry/sheet.ts';
import { selectStandings } from '../../registry/standing.ts';
import { reportRegistry } from '../../report/registry-report.ts';
import { defineCommand } from '../define-command.ts';
import { loadHostsToRead } from '../load-hosts.ts';
import { openRegistry } from '../open-registry.ts';
import { openProjectStore } from '../open-store.ts';
import { displayOf, loadFormat, showReport } from '../show-report.ts';

export default defineCommand({
  syntax: 'registry report [pattern]',
  summary: 'The sheet inspectors ask for: who answers for which PC, MAC and IP, and since when',
  description:
    'What is comes from the inventory, since when from the ledger, and what was seen from the runs. Unit, filing numbers and citation come from registry: in lab.yaml.',
  options: [
    ['--public', 'mask names, telephones and staff numbers'],
    ['--unseen <days>', 'remark PCs that no run has reached for so many days', '30'],
  ],
  families: ['inventory', 'output', 'project'],
  examples: [
    'registry report',
    'registry report -o xlsx --output-file register.xlsx --lang zh-CN',
    'registry report lab_a --public -o html --output-file lab_a.html',
  ],
  async run(context, [pattern], { public: isPublic, unseen }) {
    const { output } = displayOf(context);
    const unseenDays = readDays('--unseen', unseen);
    await loadFormat(context, output);
    const { ledger, occasion, knownFrom } = await openRegistry(context);
    const { hosts } = await loadHostsToRead(context, pattern as string | undefined);
    const store = await openProjectStore(context);
    const { confirmDays, ...head } = context.settings.registry;
    const sheet = makeSheet(
      hosts,
      {
        standings: selectStandings(openRows(ledger.loadSince(''))),
        seen: store.listSeen(),
        knownFrom: knownFrom.from,
      },
      { head, at: occasion.at, madeBy: occasion.who, confirmDays, unseenDays },
    );
    const report = reportRegistry(
      isPublic === true ? maskSheet(sheet) : sheet,
      context.settings.lang,
      { leavesOutEmpty: output === 'table' },
    );
    await showReport(context, report);
    return 0;
  },
});

function readDays(flag: string, text: unknown): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= 3650) return days;
  throw new LabError('usage', `${flag} ${text} is not a number of days`, 'write 1 to 3650');
}
