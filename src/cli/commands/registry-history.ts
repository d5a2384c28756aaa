import { LabError } from '../../model/lab-error.ts';
import { openRows } from '../../registry/chain.ts';
import { parseMoment } from '../../registry/moment.ts';
import { showRows } from '../change-register.ts';
import { defineCommand } from '../define-command.ts';
import { openRegistry } from '../open-registry.ts';
import { textOf } from '../registry-flags.ts';

export default defineCommand({
  syntax: 'registry history [host]',
  summary: 'Rows of the ledger, of one host or of all: who changed what, when, and why',
  options: [['--since <time>', 'only rows from this time on']],
  families: ['output', 'project'],
  examples: [
    'registry history a07',
    'registry history --since 2026-03-01 -o csv --output-file march.csv',
  ],
  async run(context, [host], options) {
    const since = readSince(textOf(options, 'since'));
    const { ledger } = await openRegistry(context);
    const stored = host === undefined ? ledger.loadSince(since) : ledger.loadByHost(String(host));
    const rows = openRows(stored).filter(({ at }) => at >= since);
    if (host !== undefined && stored.length === 0)
      throw new LabError('usage', `the ledger has no row of ${host}`, 'see `lab inventory list`');
    await showRows(context, rows, false);
    return 0;
  },
});

function readSince(text: string | undefined): string {
  if (text === undefined) return '';
  const parsed = parseMoment(text);
  if ('from' in parsed) return parsed.from;
  throw new LabError('input', `--since: ${parsed.problem}`, parsed.hint);
}
