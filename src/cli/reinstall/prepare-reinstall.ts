import type { Host } from '../../model/host.ts';
import type { WavePolicy } from '../../model/plan.ts';
import type { ChosenProfile } from '../../model/profile.ts';
import { expectedMinutes } from '../../netboot/reinstall/expected-minutes.ts';
import { type Candidate, indexMacs } from '../../netboot/reinstall/guards.ts';
import { planRows, type ReinstallPlan } from '../../netboot/reinstall/plan-rows.ts';
import { planWaves } from '../../netboot/reinstall/wave-sizes.ts';
import type { Context } from '../context.ts';
import { loadTargets } from '../load-hosts.ts';
import { loadProfiles } from '../netboot/load-profiles.ts';
import { openConnect } from '../open-connect.ts';
import { openProjectStore } from '../open-store.ts';
import { readCount } from '../read-number.ts';
import type { RunIdentity } from '../run-identity.ts';
import { gatherCandidates } from './gather-candidates.ts';
import type { AskedReady } from './preflight.ts';
import type { AskedReinstall } from './read-asked.ts';

/** What was found out about the hosts that were asked for. */
export interface Prepared {
  readonly hosts: readonly Host[];
  readonly candidates: readonly Candidate[];
  readonly plan: ReinstallPlan;
  readonly waves: WavePolicy;
  readonly forks: number;
}

/** Finds out what would be done with whom. */
export async function prepareReinstall(
  context: Context,
  asked: AskedReinstall,
  identity: RunIdentity,
): Promise<Prepared> {
  const { hosts, loaded } = await loadTargets(context, asked.pattern);
  const { connect } = await openConnect(context, { connectTimeoutMs: 5_000 });
  const candidates = await gatherCandidates(context, hosts, {
    store: await openProjectStore(context),
    profiles: await loadProfiles(context),
    ...(asked.profile === undefined ? {} : { flag: asked.profile }),
    ...{ identity, connect },
  });
  const now = new Date(context.io.now());
  const plan = planRows(candidates, {
    at: { day: now.getDay(), minutes: now.getHours() * 60 + now.getMinutes() },
    despite: asked.despite,
    hostsByMac: indexMacs(loaded.inventory.hosts),
  });
  const forks = readCount('--forks', context.flags.forks, 64);
  return { hosts, candidates, plan, forks, waves: planWaves(asked.waves, plan.rows.length) };
}

/** The plan with the minutes that it takes. */
export function shownPlan({ plan, waves, forks }: Prepared) {
  return { ...plan, minutes: expectedMinutes(plan.rows, waves, forks) };
}

/** What must be there for those hosts that are not left out. */
export function readyFor(asked: AskedReinstall, prepared: Prepared): AskedReady {
  const chosen = profilesOf(prepared);
  const profiles = prepared.plan.rows.flatMap(({ host }) => chosen.get(host) ?? []);
  return { ...asked, profiles, hosts: prepared.hosts };
}

/** Which profile each host gets. */
export function profilesOf({ candidates }: Prepared): ReadonlyMap<string, ChosenProfile> {
  return new Map(
    candidates.flatMap(({ host, profile }) => (profile ? [[host.name, profile]] : [])),
  );
}
