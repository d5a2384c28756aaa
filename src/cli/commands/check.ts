import { randomBytes } from 'node:crypto';
import { planChecks } from '../../engine/plan-checks.ts';
import type { AnyCheck } from '../../model/check.ts';
import { LabError } from '../../model/lab-error.ts';
import { loadEntries } from '../catalog.ts';
import { defineCommand } from '../define-command.ts';
import { executeRun } from '../execute-run.ts';
import { loadTargets } from '../load-hosts.ts';
import { loadSuite } from '../load-suite.ts';
import { makeAsking } from '../make-acting.ts';
import { makeRunIdentity } from '../run-identity.ts';

export default defineCommand({
  syntax: 'check <pattern>',
  summary: 'Check that every seat is ready: one verdict per host and check',
  description:
    'Reads only; nothing on the PCs is changed. A suite is playbooks/suites/NAME.yaml; thresholds may be set per suite, room or host.',
  options: [
    ['--suite <name>', 'which checks: daily, preterm, or one of your own', 'daily'],
    ['--only <ids>', 'only these checks of the suite, comma-separated'],
    ['--baseline <what>', 'majority: warn of PCs that are unlike most of their room'],
  ],
  families: ['inventory', 'output', 'connection', 'run', 'project'],
  examples: [
    'check lab_a',
    'check all --suite preterm -o junit --output-file preterm.xml',
    "check 'lab_a:!a07' --only disk-free,clock",
  ],
  async run(context, [pattern], { suite: suiteName, only, baseline }) {
    const { io } = context;
    if (baseline !== undefined && baseline !== 'majority') {
      throw new LabError(
        'usage',
        `--baseline ${baseline} is not known`,
        'write --baseline majority',
      );
    }
    const checks = await loadEntries<AnyCheck>(io.programFolder, 'catalog/checks');
    const suite = await loadSuite(context, String(suiteName), checks);
    const { hosts } = await loadTargets(context, pattern as string);
    const { plan, problems } = planChecks({
      ...makeAsking(context, hosts),
      suite,
      checks,
      ...(typeof only === 'string' ? { only: only.split(',').map((id) => id.trim()) } : {}),
      ...(baseline === undefined ? {} : { baseline }),
      marker: randomBytes(12).toString('hex'),
      now: io.now,
    });
    if (problems.length > 0)
      throw new LabError('input', 'settings of checks have problems', '', { problems });
    return (await executeRun(context, { identity: makeRunIdentity(context), plan, kind: 'check' }))
      .exitCode;
  },
});
