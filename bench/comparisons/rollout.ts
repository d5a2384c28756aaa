import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sim } from '../../sim/types.ts';
import { insideAll } from '../measure.ts';
import { ratioGoal } from '../statistics.ts';
import type { Comparison, Contender } from '../types.ts';

const first = 'lab play, first time';
const again = 'lab play, nothing to do';
const theirFirst = 'ansible-playbook, first time';
const theirAgain = 'ansible-playbook, nothing to do';

const own = join(import.meta.dirname, '..', 'rollout');
const scriptOf = (name: string): string => readFileSync(join(own, name), 'utf8');

/** Runs one of our scripts inside every PC, some at a time: all at once would measure the disk of this machine. */
async function runInside(sim: Sim, name: string): Promise<void> {
  const hosts = sim.pcs.map((pc) => pc.name);
  for (let at = 0; at < hosts.length; at += 8)
    await insideAll(sim, hosts.slice(at, at + 8), ['sh', '-c', scriptOf(name)]);
}

/** What the rollout is for was really done: looked at inside the PCs, whoever did it. */
async function requireDone(sim: Sim): Promise<void> {
  const probe =
    'dpkg -s labkit-abacus labkit-chalk >/dev/null && id benchpupil >/dev/null && test -e /srv/bench-done && grep -q bench.example /etc/hosts && cat /srv/bench-large.bin /srv/bench-small.txt /etc/bench-settings.conf | wc -c';
  const sizes = await insideAll(
    sim,
    sim.pcs.map((pc) => pc.name),
    ['sh', '-c', probe],
  );
  if (sizes.some((size) => Number(size) < 10_001_000)) throw new Error(`sizes: ${sizes.join(' ')}`);
}

/** What a contender of the rollout does before and after each run: `undo` takes everything back, `look` throws unless all was done. */
export function rolloutSteps(sim: Sim): {
  readonly undo: Required<Pick<Contender, 'prepare'>>;
  readonly look: Required<Pick<Contender, 'inspect'>>;
} {
  const inspect = async () => {
    await requireDone(sim);
    return {};
  };
  return { undo: { prepare: () => runInside(sim, 'undo.sh') }, look: { inspect } };
}

/** Writes the playbook and its files into a folder, also the one that is too big for git; answers the playbook's path. */
export function writeRollout(folder: string): string {
  cpSync(own, folder, { recursive: true });
  mkdirSync(join(folder, 'files'));
  writeFileSync(join(folder, 'files', 'small.txt'), 'x'.repeat(1024));
  writeFileSync(join(folder, 'files', 'large.bin'), randomBytes(10_000_000));
  return join(folder, 'site.yml');
}

/** Packages, files, a template, an account, a line, a command and a restart on 64 PCs, and once more when all is done. */
export const comparison: Comparison = {
  name: 'rollout',
  title: 'A rollout of ten tasks on 64 PCs',
  async prepare({ sim, lab, peers, python, scratch }) {
    if (!peers.missing.has('ansible')) await python();
    const playbook = writeRollout(join(scratch, 'rollout'));
    const ours = lab.on(sim, 'play', playbook, '-q');
    const theirs = ['ansible-playbook', '-i', peers.ansibleInventory, playbook];
    const { undo, look } = rolloutSteps(sim);
    const contenders: Contender[] = [
      { name: first, argv: ours, ...undo, ...look },
      { name: again, argv: ours, ...look },
      { name: theirFirst, argv: theirs, needs: ['ansible'], ...undo, ...look },
      { name: theirAgain, argv: theirs, needs: ['ansible'], ...look },
    ];
    return {
      contenders,
      goals: [
        ratioGoal('first: wall against ansible', 'wallSeconds', [first, theirFirst], 0.15),
        ratioGoal('first: controller CPU against ansible', 'cpuSeconds', [first, theirFirst], 0.12),
        ratioGoal('nothing to do: wall against ansible', 'wallSeconds', [again, theirAgain], 0.05),
        ratioGoal('nothing to do: CPU against ansible', 'cpuSeconds', [again, theirAgain], 0.05),
      ],
      notes: ['ansible with 64 forks and pipelining; facts are not gathered on either side'],
    };
  },
};
