import { reportRuns } from '../../report/runs-report.ts';
import { defineCommand } from '../define-command.ts';
import { openProjectStore } from '../open-store.ts';
import { showReport } from '../show-report.ts';

export default defineCommand({
  syntax: 'runs list',
  summary: 'What was run, when, by whom and how it ended',
  families: ['output', 'project'],
  examples: ['runs list', 'runs list -o json'],
  async run(context) {
    const store = await openProjectStore(context);
    await showReport(
      context,
      reportRuns(
        await store.listRuns(),
        new Date(context.io.now()).toISOString(),
        context.settings.lang,
      ),
    );
    return 0;
  },
});
