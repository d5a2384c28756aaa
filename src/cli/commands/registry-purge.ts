import { LabError } from '../../model/lab-error.ts';
import { openRows } from '../../registry/chain.ts';
import { parseMoment } from '../../registry/moment.ts';
import { judgePurgeDate, planPurge } from '../../registry/purge.ts';
import { selectOpen } from '../../registry/requests.ts';
import { showRows } from '../change-register.ts';
import { defineCommand } from '../define-command.ts';
import { holdRegistry, sha256 } from '../open-registry.ts';
import { textOf } from '../registry-flags.ts';

export default defineCommand({
  syntax: 'registry purge',
  summary:
    'Take the content of rows from before a date out of the ledger; a receipt stays in the chain',
  description:
    'Never less than 60 days ago (Order 82 of the Ministry of Public Security, article 13), with a warning below 184. What still held at that date is carried over, so that `registry who` can answer for every moment since. Requests that wait keep their rows.',
  options: [['--before <date>', 'rows from before this date go']],
  families: ['output', 'project'],
  examples: ['registry purge --before 2026-01-01'],
  async run(context, _args, options) {
    const date = textOf(options, 'before');
    if (date === undefined)
      throw new LabError('usage', 'up to when is not said', 'add --before 2026-01-01');
    const moment = parseMoment(date);
    if ('problem' in moment)
      throw new LabError('input', `--before: ${moment.problem}`, moment.hint);
    const { ledger, occasion } = await holdRegistry(context);
    const warning = judgePurgeDate(moment.from, occasion.at);
    if (warning !== '') context.io.stderr.write(`warning: ${warning}\n`);
    const requests = openRows(ledger.loadByKind('request', 'approve', 'reject'));
    const open = selectOpen(requests, context.io.now()).map(({ row }) => row.seq);
    const rows = openRows([...ledger.walk()]);
    const planned = planPurge(rows, new Set(open), moment.from, occasion, sha256);
    if (planned.seqs.length === 0) {
      context.io.stderr.write(`no row is from before ${date}\n`);
      await showRows(context, []);
      return 0;
    }
    await showRows(context, openRows(await ledger.purge(planned)));
    return 0;
  },
});
