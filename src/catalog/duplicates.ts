import type { FleetRow } from '../model/check.ts';
import { foldNames } from '../model/host-names.ts';
import type { Judgement } from '../model/plan.ts';

/** Fails every host that shares a word of its `key` with another, naming the other, or all of them in the same words for each; `what` is said of the shared thing. */
export function duplicates(
  rows: readonly FleetRow[],
  what: string,
): ReadonlyMap<string, Judgement> {
  const holders = new Map<string, string[]>();
  for (const { host, judgement } of rows)
    for (const word of wordsOf(judgement.key ?? ''))
      holders.set(word, [...(holders.get(word) ?? []), host.name]);
  const changed = new Map<string, Judgement>();
  for (const [key, members] of Map.groupBy(rows, ({ judgement }) => judgement.key ?? '')) {
    const sharing = [...new Set(wordsOf(key).flatMap((word) => holders.get(word) ?? []))];
    if (sharing.length < 2) continue;
    const all = foldNames(sharing);
    for (const { host, judgement } of members) {
      const other = sharing.find((name) => name !== host.name);
      const where = sharing.length === 2 ? `as ${other}` : `on ${all}`;
      changed.set(host.name, {
        ...judgement,
        verdict: 'fail',
        found: `same ${what} ${where}: ${judgement.found}`,
        expected: judgement.expected ?? `a ${what} of its own`,
      });
    }
  }
  return changed;
}

function wordsOf(key: string): string[] {
  return [...new Set(key.split(' ').filter((word) => word !== ''))];
}
