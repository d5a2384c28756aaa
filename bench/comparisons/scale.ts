import { ratio } from '../statistics.ts';
import type { Comparison, Contender } from '../types.ts';

const many = 'lab run, 200 PCs';
const few = 'lab run, 64 PCs';

/** More PCs must not cost more per PC. */
export const comparison: Comparison = {
  name: 'scale',
  title: '`true` on 200 PCs instead of 64',
  async prepare({ sim, lab, raise }) {
    const larger = await raise(200);
    // Each room has a network of its own; from the first one the second one's controller must be entered.
    const enter = ['nsenter', `--net=/proc/${larger.supervisorPid}/ns/net`, '--'];
    const contenders: Contender[] = [
      { name: many, argv: [...enter, ...lab.on(larger, 'run', 'all', '--', 'true')] },
      { name: few, argv: lab.on(sim, 'run', 'all', '--', 'true') },
    ];
    return {
      contenders,
      goals: [
        {
          what: 'wall per PC, against 64 PCs',
          reached: (of) => {
            const times = ratio(of(many)?.wallSeconds, of(few)?.wallSeconds);
            return times === undefined ? undefined : times / (200 / 64);
          },
          atMost: 1,
          unit: 'x',
        },
        { what: 'memory', reached: (of) => of(many)?.peakMiB, atMost: 250, unit: 'MiB' },
      ],
      notes: ['64 at once (the default of --forks) in both'],
    };
  },
};
