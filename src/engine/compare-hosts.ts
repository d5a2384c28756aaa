import type { FleetRow } from '../model/check.ts';
import type { Host } from '../model/host.ts';
import type { Conclusion, Judgement, StepResult } from '../model/plan.ts';
import type { Answer } from './ask-probes.ts';
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
  const changed: Conclusion[] = [];
  const lists = hosts.map((host) => ({ host, checks: chosen.get(host.name) ?? [] }));
  const first = lists[0]?.checks ?? [];
  for (const [index, { check, options }] of first.entries()) {
    const rows: FleetRow[] = [];
    for (const { host, checks } of lists) {
      const result = results.get(host.name)?.get(check.name);
      const own = checks[index];
      const missed = result && own && judgeMissed(own, host, result);
      if (missed) changed.push({ host: host.name, step: check.name, result: missed });
      const judgement = result?.judgement ?? missed?.judgement;
      if (judgement) rows.push({ host, judgement });
    }
    const news =
      check.compare?.(rows, options) ??
      (baseline ? findOutliers(rows) : new Map<string, Judgement>());
    for (const [host, judgement] of news)
      changed.push({ host, step: check.name, result: resultOf(judgement) });
  }
  return changed;
}

/** The engine ends a step that overruns the host's deadline, so it could not judge for itself. */
function judgeMissed(own: ChosenCheck, host: Host, result: StepResult): StepResult | undefined {
  if (result.judgement || result.outcome === 'cancelled') return undefined;
  const { reason = 'deadline', message = '' } = result;
  const lost = { reason, message, hint: '' };
  const answer: Answer = {
    lost,
    sections: new Map(),
    trouble: '',
    sentAtMs: 0,
    firstAtMs: 0,
    receivedAtMs: 0,
  };
  return result.outcome === 'unreachable'
    ? judgeAnswer(own, host, answer)
    : {
        ...result,
        judgement: {
          verdict: 'unknown',
          found: message === '' ? 'the check did not run' : message,
        },
      };
}

/** Warns of hosts whose `key` differs from the one that more than half of their room share (three hosts at least). */
export function findOutliers(rows: readonly FleetRow[]): ReadonlyMap<string, Judgement> {
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
