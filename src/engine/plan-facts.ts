import type { Host } from '../model/host.ts';
import type { Plan, StepContext, StepResult } from '../model/plan.ts';
import { factProbes } from './facts/facts-script.ts';
import { readFacts } from './facts/read-facts.ts';
import { renderProbeScript } from './probe-script.ts';
import { readSections } from './probe-sections.ts';

/** What a run that gathers facts is made from. */
export interface FactsWanted {
  readonly hosts: readonly Host[];
  readonly forks: number;
  readonly deadlineMs?: number;
  /** Random letters and digits, new for each run. */
  readonly marker: string;
}

/** Plans the gathering of facts: one step, one round trip, no Python on the PC. `facts` of the step's result has Ansible's names, and `data` has them for the report. */
export function planFacts(wanted: FactsWanted): Plan {
  const { hosts, forks, deadlineMs, marker } = wanted;
  // The two texts do not depend on the host, so each is made once
  const scripts = new Map(
    [true, false].map((rooted) => [rooted, renderProbeScript(factProbes, marker, rooted)]),
  );
  return {
    title: 'Gather facts',
    hosts,
    steps: [
      {
        id: 'facts',
        title: 'Gather facts',
        run: (context) =>
          gatherFacts(context, scripts.get(context.host.connection.become) ?? '', marker),
      },
    ],
    forks,
    acts: false,
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  };
}

async function gatherFacts(
  context: StepContext,
  script: string,
  marker: string,
): Promise<StepResult> {
  const { kind, shellType, become, becomeUser } = context.host.connection;
  if (kind === 'winrm' || /^(?:powershell|cmd)$/.test(shellType))
    return {
      outcome: 'skipped',
      changes: [],
      message: 'facts of Windows PCs cannot be gathered yet',
    };
  const connection = await context.connection();
  const result = await connection.exec(
    { shell: 'sh', script, shown: 'gather facts' },
    {
      signal: context.signal,
      maxOutputBytes: 4 * 1024 * 1024,
      ...(become ? { becomeUser: becomeUser === '' ? 'root' : becomeUser } : {}),
    },
  );
  const facts = readFacts(readSections(result.stdout, result.stderr, marker));
  if (facts === undefined) return { outcome: 'failed', changes: [], message: failure(result) };
  // The login's environment may hold passwords (of a proxy, for one): it is for the run, not for the store.
  const { ansible_env: _, ...kept } = facts;
  return { outcome: 'ok', changes: [], facts, data: { facts: kept } };
}

function failure({
  exitCode,
  signal,
  stderr,
}: {
  exitCode: number | null;
  signal: string | null;
  stderr: Uint8Array;
}): string {
  const said = new TextDecoder().decode(stderr.slice(-2000)).trim().split('\n').at(-1) ?? '';
  return `the PC did not answer the questions (exit code ${exitCode ?? signal})${said === '' ? '' : `: ${said}`}`;
}
