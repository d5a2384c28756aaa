import type { AnyCheck } from '../model/check.ts';
import type { Host } from '../model/host.ts';
import type { Plan, Step } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { askProbes } from './ask-probes.ts';
import { selectChecks, settleChecks } from './check-settings.ts';
import { compareHosts } from './compare-hosts.ts';
import { judgeAnswer } from './judge-host.ts';
import type { ResolvedSuite } from './suite.ts';

/** What a run of health checks is made from. */
export interface ChecksWanted {
  readonly hosts: readonly Host[];
  readonly suite: ResolvedSuite;
  /** Every check there is. */
  readonly checks: readonly AnyCheck[];
  /** Narrows the suite to these. */
  readonly only?: readonly string[];
  /** 'majority': warn of PCs unlike most of their room. */
  readonly baseline?: 'majority';
  readonly forks: number;
  readonly deadlineMs?: number;
  /** Random letters and digits, new for each run: sets the probes' answers apart. */
  readonly marker: string;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Plans a suite: one step per check, all probes of a host in one round trip. Problems are those of the hosts' own settings (variable `checks`). Throws LabError 'usage' when `only` names a check that the suite does not have. */
export function planChecks(wanted: ChecksWanted): { plan: Plan; problems: Problem[] } {
  const { hosts, suite, checks, only, baseline, forks, deadlineMs } = wanted;
  const chosen = selectChecks(suite, checks, only);
  const { byHost, problems } = settleChecks(hosts, chosen, checks);
  const steps = chosen.map(
    ({ check }, index): Step => ({
      id: check.name,
      title: check.summary,
      judgesUnreachable: true,
      async run(context) {
        const own = byHost.get(context.host.name) ?? [];
        const answer = await context.once('probes', () => askProbes(context, own, wanted));
        const one = own[index];
        if (one === undefined) throw new Error(`no check ${check.name} for ${context.host.name}`);
        return judgeAnswer(one, context.host, answer);
      },
    }),
  );
  const plan: Plan = {
    title: suite.title,
    hosts,
    steps,
    forks,
    acts: false,
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    conclude: (results) => compareHosts(hosts, byHost, results, baseline),
  };
  return { plan, problems };
}
