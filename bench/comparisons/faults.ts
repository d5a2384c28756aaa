import type { Fault, Sim } from '../../sim/types.ts';
import { ansibleLine, clushLine, psshLine } from '../peers.ts';
import { ratio } from '../statistics.ts';
import type { Comparison, LabCommand } from '../types.ts';

const ours = 'lab run all --timeout 5 -- true';
const healthy = 'lab run, the 61 healthy ones alone';

/** The faulty PCs, and the reason words that name each fault rightly. */
export const faulty: Readonly<Record<string, { fault: Fault; reasons: readonly string[] }>> = {
  a03: { fault: 'down', reasons: ['timeout', 'no-route'] },
  a17: { fault: 'silent', reasons: ['banner-timeout'] },
  b09: { fault: 'key-refused', reasons: ['auth-failed'] },
};

/** Reads a `lab.run/1` report: when the last healthy host was done, and how many faults are named wrongly. */
export function readFaultRun(
  json: string,
  expected: Readonly<Record<string, { readonly reasons: readonly string[] }>>,
): { readonly lastHealthySeconds: number; readonly misnamed: number } {
  const { hosts } = JSON.parse(json) as {
    hosts: readonly { host: string; outcome: string; reason?: string; durationMs: number }[];
  };
  const well = hosts.filter(({ host }) => expected[host] === undefined);
  const lost = well.filter(({ outcome }) => outcome !== 'ok');
  if (lost.length > 0)
    throw new Error(`healthy but not ok: ${lost.map(({ host }) => host).join(' ')}`);
  const misnamed = Object.entries(expected).filter(([name, { reasons }]) => {
    const found = hosts.find(({ host }) => host === name);
    return found?.outcome !== 'unreachable' || !reasons.includes(found.reason ?? '');
  });
  return {
    lastHealthySeconds: Math.max(...well.map(({ durationMs }) => durationMs)) / 1000,
    misnamed: misnamed.length,
  };
}

function labContenders(sim: Sim, lab: LabCommand) {
  const others = `all:${Object.keys(faulty)
    .map((name) => `!${name}`)
    .join(':')}`;
  const run = (pattern: string) =>
    lab.on(sim, 'run', pattern, '--timeout', '5', '-o', 'json', '--', 'true');
  return [
    {
      name: ours,
      argv: run('all'),
      exitCodes: [4],
      inspect: async (stdout: string) => readFaultRun(stdout, faulty),
    },
    {
      name: healthy,
      argv: run(others),
      inspect: async (stdout: string) => {
        const { lastHealthySeconds } = readFaultRun(stdout, {});
        return { lastHealthySeconds };
      },
    },
  ];
}

/** Three PCs that do not work must cost the other 61 nothing. */
export const comparison: Comparison = {
  name: 'faults',
  title: '`true` on 64 PCs of which 3 are faulty: down, silent, key refused',
  async prepare({ sim, lab, peers, defer }) {
    const hosts = sim.pcs.map(({ name }) => name);
    for (const [name, { fault }] of Object.entries(faulty)) {
      defer(() => sim.clearFault(name));
      await sim.setFault(name, fault);
    }
    const { sshConfig, ansibleInventory } = peers;
    const clush = clushLine(sshConfig, hosts, { flags: ['-t', '5', '-u', '10'] });
    const pssh = psshLine(sshConfig, hosts, { flags: ['-t', '10'] });
    const ansible = ansibleLine(ansibleInventory, 'raw', 'true', ['-T', '5']);
    return {
      contenders: [
        ...labContenders(sim, lab),
        { name: 'clush -f 64 -t 5 -u 10', argv: [...clush, 'true'], needs: ['clush'] },
        {
          name: 'pssh -p 64 -t 10',
          argv: [...pssh, 'true'],
          needs: ['parallel-ssh'],
          // 3 killed, 4 failed, 5 both (parallel-ssh(1)).
          exitCodes: [3, 4, 5],
        },
        { name: 'ansible raw -T 5', argv: ansible, needs: ['ansible'], exitCodes: [4] },
      ],
      goals: [
        { what: 'wall in all', reached: (of) => of(ours)?.wallSeconds, atMost: 6, unit: 's' },
        {
          what: 'faults named wrongly',
          reached: (of) => of(ours)?.extra['misnamed'],
          atMost: 0,
          unit: 'hosts',
        },
        {
          what: 'the last healthy host, against a run without the faulty ones',
          reached: (of) =>
            ratio(of(ours)?.extra['lastHealthySeconds'], of(healthy)?.extra['lastHealthySeconds']),
          atMost: 1.15,
          unit: 'x',
        },
      ],
      notes: [
        '"as fast as without" is judged as at most 1.15x: single runs differ by about as much',
      ],
    };
  },
};
