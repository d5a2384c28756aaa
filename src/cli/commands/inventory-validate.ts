import { lintInventory } from '../../inventory/lint.ts';
import { sortProblems } from '../../model/problem.ts';
import { reportProblems } from '../../report/problems-report.ts';
import { defineCommand } from '../define-command.ts';
import { loadInventory } from '../load-hosts.ts';
import { showReport } from '../show-report.ts';

export default defineCommand({
  syntax: 'inventory validate',
  summary: 'All problems of the inventory at once, with file:line:column and a hint',
  description:
    'Exit code 3 when there are errors; with --strict also when there are only warnings.',
  options: [['--strict', 'warnings count as errors']],
  families: ['inventory', 'output'],
  examples: [
    'inventory validate',
    'inventory validate -i inventories/school.yaml --strict',
    'inventory validate -o json',
  ],
  async run(context, _args, { strict }) {
    const { raw, inventory, problems } = await loadInventory(context);
    const all = sortProblems([...problems, ...lintInventory(raw, inventory)]);
    const at = new Date(context.io.now()).toISOString();
    await showReport(
      context,
      reportProblems(
        all,
        { hosts: inventory.hosts.length, files: raw.files.length },
        at,
        context.settings.lang,
      ),
    );
    const counted = strict === true ? all : all.filter(({ severity }) => severity === 'error');
    return counted.length > 0 ? 3 : 0;
  },
});
