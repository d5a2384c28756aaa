import { sshLine, tunedSshOptions } from '../peers.ts';
import { ratioGoal } from '../statistics.ts';
import type { Comparison } from '../types.ts';

const ours = 'lab run a02 -- true';
const peer = 'ssh a02 true';

/** What a person waits for who asks one PC something. */
export const comparison: Comparison = {
  name: 'one-host',
  title: '`true` on one PC, cold connection',
  async prepare({ sim, lab, peers }) {
    const tuned = sshLine(peers.sshConfig, 'a02', tunedSshOptions);
    return {
      roundsTimes: 4,
      contenders: [
        { name: ours, argv: lab.on(sim, 'run', 'a02', '--', 'true') },
        { name: peer, argv: [...sshLine(peers.sshConfig, 'a02'), 'true'], needs: ['ssh'] },
        { name: `${peer}, curve25519 + aes128-gcm`, argv: [...tuned, 'true'], needs: ['ssh'] },
      ],
      goals: [
        ratioGoal('wall against ssh, at first', 'wallSeconds', [ours, peer], 1.5),
        ratioGoal('wall against ssh, the aim', 'wallSeconds', [ours, peer], 1),
      ],
    };
  },
};
