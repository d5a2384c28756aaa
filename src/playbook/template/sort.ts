import { compare } from './compare.ts';
import type { Py } from './values.ts';

/** Sorts as Python's `sorted` does: stable, also when reversed; types that have no order fail. */
export function sortItems(
  items: readonly Py[],
  keyOf: (item: Py) => Py,
  isReversed: boolean,
): Py[] {
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  const direction = isReversed ? -1 : 1;
  keyed.sort((a, b) => direction * (compare(a.key, b.key) ?? 0));
  return keyed.map(({ item }) => item);
}
