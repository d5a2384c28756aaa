import type { FleetRow } from '../model/check.ts';
import type { Judgement } from '../model/plan.ts';

/** Fails every host that shares a word of its `key` with another, naming the others; `what` is said of the shared thing. */
export function duplicates(
  rows: readonly FleetRow[],
  what: string,
): ReadonlyMap<string, Judgement> {
  const holders = new Map<string, string[]>();
  for (const { host, judgement } of rows)
    for (const word of wordsOf(judgement))
      holders.set(word, [...(holders.get(word) ?? []), host.name]);
  const changed = new Map<string, Judgement>();
  for (const { host, judgement } of rows) {
    const others = new Set(wordsOf(judgement).flatMap((word) => holders.get(word) ?? []));
    others.delete(host.name);
    if (others.size === 0) continue;
    changed.set(host.name, {
      ...judgement,
      verdict: 'fail',
      found: `same ${what} as ${[...others].join(', ')}: ${judgement.found}`,
      expected: judgement.expected ?? `a ${what} of its own`,
    });
  }
  return changed;
}

function wordsOf(judgement: Judgement): string[] {
  return [...new Set((judgement.key ?? '').split(' ').filter((word) => word !== ''))];
}
