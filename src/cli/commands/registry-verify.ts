import { chainStart, type StoredRow, verifyChain } from '../../registry/chain.ts';
import { reportVerification } from '../../report/verify-report.ts';
import { defineCommand } from '../define-command.ts';
import { openProjectLedger, sha256 } from '../open-registry.ts';
import { showReport } from '../show-report.ts';

export default defineCommand({
  syntax: 'registry verify',
  summary: 'Walk the ledger from its first row and name the first one that was altered',
  description:
    'Exit code 2 when one was. The end is compared with ledger.anchor in the state folder, so that rows cut off there are missed, too.',
  families: ['output', 'project'],
  examples: ['registry verify', 'registry verify -o json'],
  async run(context) {
    const { ledger, occasion } = await openProjectLedger(context);
    let rows = 0;
    let last = { seq: 0, hash: chainStart };
    function* counted(): Generator<StoredRow> {
      for (const row of ledger.walk()) {
        rows += 1;
        last = { seq: row.seq, hash: row.hash };
        yield row;
      }
    }
    const anchor = await ledger.anchor();
    const broken = verifyChain(counted(), anchor, sha256);
    const alteration = broken ?? (anchor ? undefined : missingAnchor(rows));
    await showReport(
      context,
      reportVerification({ rows, last, alteration }, occasion.at, context.settings.lang),
    );
    return alteration ? 2 : 0;
  },
});

function missingAnchor(rows: number) {
  const message = 'ledger.anchor is missing, so rows cut off behind this one would not be missed';
  return { seq: rows, what: 'tail', message };
}
