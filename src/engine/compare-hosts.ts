import type { FleetRow } from '../model/check.ts';
import type { Host } from '../model/host.ts';
import type { Conclusion, Judgement, StepResult } from '../model/plan.ts';
import { noAnswer } from './ask-probes.ts';
import type { ChosenCheck } from './check-settings.ts';
import { judgeAnswer, resultOf } from './judge-host.ts';

type Results = ReadonlyMap<string, ReadonlyMap<string, StepResult>>;

/** Looks at all hosts of a run together: gives a verdict to checks that were cut off before they had one, compares hosts (duplicates), and, when asked, names those unlike most of their room. */
export function compareHosts(
  hosts: readonly Host[],
  chosen: ReadonlyMap<string, readonly ChosenCheck[]>,
  results: Results,
  baseline: 'majority' | undefined,
): Conclusion[] {
  const first = chosen.get(hosts[0]?.name ?? '') ?? [];
  return first.flatMap(({ check, options }, index) => {
    const missed = new Map<string, StepResult>();
    const rows = hosts.flatMap((host): FleetRow[] => {
      const result = results.get(host.name)?.get(check.name);
      const own = chosen.get(host.name)?.[index];
      const found = result && own && judgeMissed(own, host, result);
      if (found) missed.set(host.name, found);
      const judgement = result?.judgement ?? found?.judgement;
      return judgement === undefined ? [] : [{ host, judgement }];
    });
    const news = check.compare?.(rows, options) ?? (baseline ? findOutliers(rows) : []);
    const revised = new Map([
      ...missed,
      ...[...news].map(([host, judgement]) => [host, resultOf(judgement)] as const),
    ]);
    return [...revised].map(([host, result]) => ({ host, step: check.name, result }));
  });
}

/** The engine ends a step that overruns the host's deadline, so it could not judge for itself. */
function judgeMissed(own: ChosenCheck, host: Host, result: StepResult): StepResult | undefined {
  if (result.judgement || result.outcome === 'cancelled') return undefined;
  const { reason = 'deadline', message = 'the check did not run' } = result;
  if (result.outcome !== 'unreachable')
    return { ...result, judgement: { verdict: 'unknown', found: message } };
  return judgeAnswer(own, host, noAnswer({ reason, message, hint: '' }));
}

/** Warns of hosts whose `key` differs from the one that more than half of their room share (three hosts at least). */
function findOutliers(rows: readonly FleetRow[]): ReadonlyMap<string, Judgement> {
  const changed = new Map<string, Judgement>();
  const rooms = Map.groupBy(rows, ({ host }) => host.room?.name ?? '');
  for (const members of rooms.values()) {
    const told = members.filter(
      ({ judgement }) => judgement.key !== undefined && judgement.key !== '',
    );
    const byKey = Map.groupBy(told, ({ judgement }) => judgement.key);
    const most = [...byKey.values()].sort((a, b) => b.length - a.length)[0] ?? [];
    if (most.length < 3 || most.length * 2 <= told.length) continue;
    const usual = most[0]?.judgement.key ?? '';
    for (const { host, judgement } of told) {
      if (judgement.key === usual || judgement.verdict === 'fail') continue;
      changed.set(host.name, {
        ...judgement,
        verdict: 'warn',
        found: judgement.found.replace(/^nothing registered to compare with: /, ''),
        expected: usual,
        hint: `unlike ${most.length} of ${told.length} PCs in the room`,
      });
    }
  }
  return changed;
}
