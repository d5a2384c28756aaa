import { defineCommand } from '../define-command.ts';
import { openRunProgress } from '../open-run-progress.ts';
import { openProjectStore } from '../open-store.ts';

export default defineCommand({
  syntax: 'runs watch [run]',
  summary: 'Follow a run that goes on elsewhere; the latest when none is named',
  families: ['output', 'project'],
  examples: ['runs watch', 'runs watch 20261123-134512-k3f'],
  async run(context, [wanted]) {
    const store = await openProjectStore(context);
    const run = store.findRun((wanted as string | undefined) ?? store.latestRun() ?? '');
    const away = new AbortController();
    const close = context.io.onInterrupt(() => away.abort());
    const progress = openRunProgress(context);
    try {
      for await (const event of store.watchRun(run, { signal: away.signal })) progress.take(event);
    } finally {
      progress.close();
      close();
    }
    context.io.stdout.write(`lab runs show ${run} prints its report\n`);
    return 0;
  },
});
