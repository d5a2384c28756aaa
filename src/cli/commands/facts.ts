import { randomBytes } from 'node:crypto';
import { planFacts } from '../../engine/plan-facts.ts';
import { defineCommand } from '../define-command.ts';
import { executeRun } from '../execute-run.ts';
import { loadTargets } from '../load-hosts.ts';
import { makeAsking } from '../make-acting.ts';
import { makeRunIdentity } from '../run-identity.ts';

export default defineCommand({
  syntax: 'facts <pattern>',
  summary: 'What hosts are: hardware, system, network; kept in the store',
  description:
    "Facts have Ansible's names (ansible_distribution, ansible_memtotal_mb ...) and need no Python on the host.",
  families: ['inventory', 'output', 'connection', 'run', 'project'],
  examples: ['facts lab_a', 'facts all -o csv --output-file facts.csv', 'facts a07 -o json'],
  async run(context, [pattern]) {
    const { hosts } = await loadTargets(context, pattern as string);
    const identity = makeRunIdentity(context);
    const marker = randomBytes(12).toString('hex');
    const plan = planFacts({ ...makeAsking(context, hosts), marker });
    const { exitCode, totals, store } = await executeRun(context, {
      identity,
      plan,
      kind: 'facts',
    });
    const at = new Date(context.io.now()).toISOString();
    const kept = [...totals.facts].map(([host, { ansible_env: _, ...facts }]) => ({
      host,
      at,
      facts,
    }));
    store.saveFacts(kept);
    return exitCode;
  },
});
