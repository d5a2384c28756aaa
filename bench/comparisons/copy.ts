import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sim } from '../../sim/types.ts';
import { insideAll } from '../measure.ts';
import { ratioGoal } from '../statistics.ts';
import type { Comparison, Contender } from '../types.ts';

const ours = 'lab copy';
const raw = "ssh 'cat > file' x 16, aes128-gcm";
const megabytes = 100;
const target = '/var/tmp/labkit-bench.bin';

/** A shell line that starts one transfer per host at once and fails when one of them does. */
export function transferScript(
  hosts: readonly string[],
  transfer: (host: string) => string,
): string {
  const started = hosts.map((host) => `${transfer(host)} & all="$all $!"`);
  return [...started, 'for each in $all; do wait "$each" || exit 1; done'].join('\n');
}

/** Nothing is there before, all of it after: the size is looked at inside the PCs. */
function overwriting(sim: Sim, hosts: readonly string[]): Pick<Contender, 'prepare' | 'inspect'> {
  return {
    async prepare() {
      await insideAll(sim, hosts, ['rm', '-f', target]);
    },
    async inspect() {
      const sizes = await insideAll(sim, hosts, ['stat', '-c', '%s', target]);
      if (sizes.some((size) => Number(size) !== megabytes * 1e6))
        throw new Error(`sizes after the copy: ${sizes.map((size) => size.trim()).join(' ')}`);
      return {};
    },
  };
}

/** A big file to a quarter of the PCs. */
export const comparison: Comparison = {
  name: 'copy',
  title: `${megabytes} MB to 16 PCs at once`,
  async prepare({ sim, lab, peers, scratch, defer }) {
    const hosts = sim.pcs.slice(0, 16).map(({ name }) => name);
    const file = join(scratch, 'big.bin');
    writeFileSync(file, randomBytes(megabytes * 1e6));
    defer(async () => void (await insideAll(sim, hosts, ['rm', '-f', target])));
    const config = `-F '${peers.sshConfig}'`;
    const cat = (host: string) =>
      `ssh ${config} -c aes128-gcm@openssh.com ${host} 'cat > ${target}' < '${file}'`;
    const scp = (host: string) => `scp -q ${config} '${file}' ${host}:${target}`;
    const around = overwriting(sim, hosts);
    return {
      contenders: [
        { name: ours, argv: lab.on(sim, 'copy', 'a[01:16]', file, target), ...around },
        { name: raw, argv: ['sh', '-c', transferScript(hosts, cat)], needs: ['ssh'], ...around },
        {
          name: 'scp x 16, defaults',
          argv: ['sh', '-c', transferScript(hosts, scp)],
          needs: ['scp'],
          ...around,
        },
      ],
      goals: [ratioGoal('wall against raw ssh to a file', 'wallSeconds', [ours, raw], 1.3)],
    };
  },
};
