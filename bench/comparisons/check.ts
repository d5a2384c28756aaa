import { ansibleLine } from '../peers.ts';
import { ratio, ratioGoal } from '../statistics.ts';
import type { Comparison } from '../types.ts';

const ours = 'lab check all --suite preterm';
const setup = 'ansible setup';

/** How many different checks a `lab.check/1` report has on every host; throws when a host is missing. */
export function readChecks(json: string, hosts: number): Readonly<Record<string, number>> {
  const { rows } = JSON.parse(json) as { rows: readonly { host: string; check: string }[] };
  const byHost = new Map<string, Set<string>>();
  for (const { host, check } of rows) byHost.set(host, (byHost.get(host) ?? new Set()).add(check));
  if (byHost.size !== hosts) throw new Error(`rows of ${byHost.size} hosts instead of ${hosts}`);
  return { checks: Math.min(...[...byHost.values()].map(({ size }) => size)) };
}

/** A suite of more than twenty checks. */
export const comparison: Comparison = {
  name: 'check',
  title: 'The suite preterm on 64 PCs',
  async prepare({ sim, lab, peers, python }) {
    if (!peers.missing.has('ansible')) await python();
    const subset = 'gather_subset=!all,!min,hardware,network';
    return {
      contenders: [
        {
          name: ours,
          argv: lab.on(sim, 'check', 'all', '--suite', 'preterm', '-o', 'json'),
          // 2 and 4: some checks fail, or cannot tell, on PCs without real hardware.
          exitCodes: [0, 2, 4],
          inspect: async (stdout) => readChecks(stdout, sim.pcs.length),
        },
        {
          name: setup,
          argv: ansibleLine(peers.ansibleInventory, 'setup', subset),
          needs: ['ansible'],
        },
      ],
      goals: [
        ratioGoal('wall against ansible setup', 'wallSeconds', [ours, setup], 0.2),
        ratioGoal('controller CPU against ansible setup', 'cpuSeconds', [ours, setup], 0.1),
        {
          what: 'twenty checks, as parts of those made on the host with the fewest',
          reached: (of) => ratio(20, of(ours)?.extra['checks']),
          atMost: 1,
          unit: 'x',
        },
      ],
    };
  },
};
