import { type LocatedEntry, type LocatedMap, positionAt } from '../model/located.ts';
import type { ReportAt } from './yaml-syntax.ts';

/**
 * Resolves `<<` and duplicate keys as PyYAML does: merged entries come first and lose to written ones; of several mappings merged by a list the
 * first wins; of a key written twice the last wins in the first one's place. (https://yaml.org/type/merge.html)
 */
export function mergeEntries(
  written: readonly LocatedEntry[],
  report: ReportAt,
): readonly LocatedEntry[] {
  const own = written.filter((entry) => !isMergeKey(entry));
  const merged = written.filter(isMergeKey).flatMap((entry) => entriesToMerge(entry, report));
  const byKey = new Map(merged.map((entry) => [entry.key.text, entry]));
  const seen = new Map<string, LocatedEntry>();
  for (const entry of own) {
    const { text, start, source } = entry.key;
    const first = seen.get(text);
    if (first)
      report(
        'duplicate-key',
        start,
        `"${text}" stands twice in this mapping; the first is in line ${positionAt(source, first.key.start).line}`,
        'keep one of them: Ansible silently takes the last',
      );
    seen.set(text, entry);
    byKey.set(text, entry);
  }
  return merged.length === 0 && seen.size === written.length ? written : [...byKey.values()];
}

function isMergeKey({ key }: LocatedEntry): boolean {
  return key.plain && key.text === '<<' && key.tag === undefined;
}

function entriesToMerge({ key, value }: LocatedEntry, report: ReportAt): LocatedEntry[] {
  const maps = value.kind === 'list' ? [...value.items].reverse() : [value];
  if (!maps.every((map): map is LocatedMap => map.kind === 'map')) {
    report(
      'yaml-merge',
      key.start,
      '<< takes a mapping or a list of mappings',
      'name one with an anchor (&name) and write <<: *name, or put << in quotes',
    );
    return [];
  }
  return maps.flatMap(({ entries }) => entries);
}
