import { ansibleLine, clushLine, psshLine, tunedSshOptions } from '../peers.ts';
import { ratioGoal } from '../statistics.ts';
import type { Comparison } from '../types.ts';

const ours = 'lab run all -- true';
const tuned = 'clush -f 64, curve25519 + aes128-gcm';

/** A command that does nothing, on all PCs, over new connections. */
export const comparison: Comparison = {
  name: 'run',
  title: '`true` on 64 PCs, cold connections',
  async prepare({ sim, lab, peers, python }) {
    if (!peers.missing.has('ansible')) await python();
    const hosts = sim.pcs.map(({ name }) => name);
    const { sshConfig, ansibleInventory } = peers;
    const options = tunedSshOptions;
    return {
      contenders: [
        { name: ours, argv: lab.on(sim, 'run', 'all', '--', 'true') },
        { name: 'clush -f 64', argv: [...clushLine(sshConfig, hosts), 'true'], needs: ['clush'] },
        {
          name: tuned,
          argv: [...clushLine(sshConfig, hosts, { options }), 'true'],
          needs: ['clush'],
        },
        {
          name: 'pssh -p 64',
          argv: [...psshLine(sshConfig, hosts), 'true'],
          needs: ['parallel-ssh'],
        },
        {
          name: 'pssh -p 64, curve25519 + aes128-gcm',
          argv: [...psshLine(sshConfig, hosts, { options }), 'true'],
          needs: ['parallel-ssh'],
        },
        {
          name: 'ansible raw',
          argv: ansibleLine(ansibleInventory, 'raw', 'true'),
          needs: ['ansible'],
        },
        {
          name: 'ansible command',
          argv: ansibleLine(ansibleInventory, 'command', 'true'),
          needs: ['ansible'],
        },
      ],
      goals: [
        ratioGoal('wall against clush -f 64', 'wallSeconds', [ours, 'clush -f 64'], 0.4),
        ratioGoal('controller CPU against clush -f 64', 'cpuSeconds', [ours, 'clush -f 64'], 0.15),
        ratioGoal('wall against tuned clush', 'wallSeconds', [ours, tuned], 0.9),
        ratioGoal('controller CPU against tuned clush', 'cpuSeconds', [ours, tuned], 0.6),
      ],
    };
  },
};
