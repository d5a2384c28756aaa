import type { Plan, Step, StepContext, StepResult } from '../../model/plan.ts';
import { armHost } from './arm-host.ts';
import type { ReinstallEffects } from './effects.ts';
import { openTeller } from './follow-arming.ts';
import type { HostWork, ReinstallWanted, StageEnd } from './host-work.ts';
import { bootHost, installHost } from './install-host.ts';
import { findSystem, playSystem, proveSystem } from './prove-host.ts';

type StageWork = (work: HostWork, wanted: ReinstallWanted) => Promise<StageEnd>;

const stages: readonly (readonly [id: string, title: string, work: StageWork])[] = [
  ['arm', 'arm', armHost],
  ['boot', 'start from the network', bootHost],
  ['install', 'install', installHost],
  ['os-up', 'find the new system', findSystem],
  ['proven', 'prove the new system', proveSystem],
  ['playbook', 'run the playbook', playSystem],
];

/** Plans a reinstallation for the engine: each confirmed host goes through the same stages, each with evidence or a reason why not. */
export function planReinstall(wanted: ReinstallWanted, effects: ReinstallEffects): Plan {
  const works = new Map<string, HostWork>();
  const targets = new Map(wanted.targets.map((target) => [target.host.name, target]));
  const workOf = ({ host, signal }: StepContext): HostWork => {
    const known = works.get(host.name);
    if (known) return known;
    const target = targets.get(host.name);
    if (!target) throw new Error(`${host.name} was not confirmed`);
    const teller = openTeller(effects, host.name);
    const work: HostWork = { target, effects, teller, signal, arming: undefined, address: '' };
    works.set(host.name, work);
    return work;
  };
  const steps = stages.map(
    ([id, title, work]): Step => ({
      id,
      title,
      run: async (context) => resultOf(await work(workOf(context), wanted)),
    }),
  );
  return {
    title: wanted.title,
    hosts: wanted.targets.map(({ host }) => host),
    steps,
    forks: wanted.forks,
    waves: wanted.waves,
    acts: true,
  };
}

function resultOf(end: StageEnd): StepResult {
  if (end.outcome !== 'failed')
    return { outcome: end.outcome, changes: [], data: { evidence: end.evidence } };
  const { stage, reason, hint } = end;
  return {
    outcome: 'failed',
    changes: [],
    message: `${stage}: ${reason}`,
    data: { stage, reason, hint },
  };
}
