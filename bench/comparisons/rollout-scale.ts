import { join } from 'node:path';
import { ratio } from '../statistics.ts';
import type { Comparison, Contender, Goal } from '../types.ts';
import { rolloutSteps, writeRollout } from './rollout.ts';

const many = 'lab play, 200 PCs';
const manyAgain = 'lab play, 200 PCs, nothing to do';
const few = 'lab play, 64 PCs';
const fewAgain = 'lab play, 64 PCs, nothing to do';

const memory = (contender: string): Goal => ({
  what: `memory of ${contender}`,
  reached: (of) => of(contender)?.peakMiB,
  atMost: 250,
  unit: 'MiB',
});

const wallPerPc = (what: string, more: string, less: string): Goal => ({
  what,
  reached: (of) => {
    const times = ratio(of(more)?.wallSeconds, of(less)?.wallSeconds);
    return times === undefined ? undefined : times / (200 / 64);
  },
  atMost: 1,
  unit: 'x',
});

/** The rollout on more PCs must not cost more per PC, and what is held in memory must not grow with them. */
export const comparison: Comparison = {
  name: 'rollout-scale',
  title: 'The rollout of ten tasks on 200 PCs instead of 64',
  async prepare({ sim, lab, raise, scratch }) {
    const playbook = writeRollout(join(scratch, 'rollout-scale'));
    const larger = await raise(200);
    const enter = ['nsenter', `--net=/proc/${larger.supervisorPid}/ns/net`, '--'];
    const onMany = [...enter, ...lab.on(larger, 'play', playbook, '-q')];
    const onFew = lab.on(sim, 'play', playbook, '-q');
    const [there, here] = [rolloutSteps(larger), rolloutSteps(sim)];
    const contenders: Contender[] = [
      { name: many, argv: onMany, ...there.undo, ...there.look },
      { name: manyAgain, argv: onMany, ...there.look },
      { name: few, argv: onFew, ...here.undo, ...here.look },
      { name: fewAgain, argv: onFew, ...here.look },
    ];
    return {
      contenders,
      goals: [
        memory(many),
        memory(manyAgain),
        wallPerPc('first: wall per PC, against 64 PCs', many, few),
        wallPerPc('nothing to do: wall per PC, against 64 PCs', manyAgain, fewAgain),
      ],
      notes: ['64 at once (the default of --forks) in both'],
    };
  },
};
