import { ratioGoal } from '../statistics.ts';
import type { Comparison, Goal } from '../types.ts';

const bare = 'node -e 0';

function goalsOf(contender: string): Goal[] {
  return [
    {
      what: `${contender}: wall`,
      reached: (of) => of(contender)?.wallSeconds,
      atMost: 0.1,
      unit: 's',
    },
    ratioGoal(`${contender}: wall against ${bare}`, 'wallSeconds', [contender, bare], 2.5),
  ];
}

/** The start of the program, beside the start of the Node it runs on. */
export const comparison: Comparison = {
  name: 'start',
  title: 'Start of the program',
  async prepare({ lab, nodePath }) {
    return {
      roundsTimes: 6,
      contenders: [
        { name: 'lab --help', argv: [lab.path, '--help'] },
        { name: 'lab --version', argv: [lab.path, '--version'] },
        { name: bare, argv: [nodePath, '-e', '0'] },
      ],
      goals: [...goalsOf('lab --help'), ...goalsOf('lab --version')],
      notes: [
        'as installed: in a source tree the starter also looks for newer sources, some milliseconds',
      ],
    };
  },
};
