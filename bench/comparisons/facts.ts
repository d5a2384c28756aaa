import { ansibleLine, clushLine } from '../peers.ts';
import { ratioGoal } from '../statistics.ts';
import type { Comparison } from '../types.ts';

const ours = 'lab facts all';
const setup = 'ansible setup';
const shell = 'clush -f 64, ten facts by one shell line';

/** Ten facts as a person would ask for them: one shell line, no JSON. */
export const tenFacts =
  'hostname; uname -r; uname -m; . /etc/os-release; echo "$PRETTY_NAME"; nproc; grep MemTotal /proc/meminfo; df -P / | tail -n 1; cat /sys/class/dmi/id/product_serial; ip -o -4 addr show dev eth0; cat /sys/class/net/eth0/address; cat /proc/uptime';

/** What the PCs are. */
export const comparison: Comparison = {
  name: 'facts',
  title: 'Facts of 64 PCs',
  async prepare({ sim, lab, peers, python }) {
    if (!peers.missing.has('ansible')) await python();
    const hosts = sim.pcs.map(({ name }) => name);
    const argv = [...clushLine(peers.sshConfig, hosts), tenFacts];
    const subset = 'gather_subset=!all,!min,hardware,network';
    return {
      contenders: [
        { name: ours, argv: lab.on(sim, 'facts', 'all') },
        {
          name: setup,
          argv: ansibleLine(peers.ansibleInventory, 'setup', subset),
          needs: ['ansible'],
        },
        { name: shell, argv, needs: ['clush'] },
      ],
      goals: [
        ratioGoal('wall against ansible setup', 'wallSeconds', [ours, setup], 0.2),
        ratioGoal('controller CPU against ansible setup', 'cpuSeconds', [ours, setup], 0.1),
        ratioGoal('wall against ten facts by clush', 'wallSeconds', [ours, shell], 0.6),
      ],
      notes: [`ansible setup with ${subset}`],
    };
  },
};
