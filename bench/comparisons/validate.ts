import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderSchool } from '../school-text.ts';
import type { Comparison } from '../types.ts';

const large = 'lab inventory validate, 10,000 hosts';
const small = 'lab inventory validate, 500 hosts';

/** Reading and judging big inventories. */
export const comparison: Comparison = {
  name: 'validate',
  title: 'Validation of large inventories',
  async prepare({ lab, scratch }) {
    const write = (hosts: number) => {
      const path = join(scratch, `school-${hosts}.yaml`);
      writeFileSync(path, renderSchool(hosts));
      return path;
    };
    const [tenThousand, fiveHundred] = [write(10_000), write(500)];
    const validate = (path: string) => [lab.path, 'inventory', 'validate', '--strict', '-i', path];
    return {
      contenders: [
        { name: large, argv: validate(tenThousand) },
        { name: small, argv: validate(fiveHundred) },
      ],
      goals: [
        {
          what: '10,000 hosts, wall',
          reached: (of) => of(large)?.wallSeconds,
          atMost: 3,
          unit: 's',
        },
        {
          what: '10,000 hosts, memory',
          reached: (of) => of(large)?.peakMiB,
          atMost: 600,
          unit: 'MiB',
        },
        {
          what: '500 hosts, wall',
          reached: (of) => of(small)?.wallSeconds,
          atMost: 0.4,
          unit: 's',
        },
      ],
      notes: [`10,000 hosts are ${(statSync(tenThousand).size / 1e6).toFixed(1)} MB of YAML`],
    };
  },
};
