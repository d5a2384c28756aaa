import { isEqual } from './compare.ts';
import { dictEntries, makeDict } from './dict.ts';
import { type Dict, isDict, type Key, type Py } from './values.ts';

export type ListMerge = 'replace' | 'keep' | 'append' | 'prepend' | 'append_rp' | 'prepend_rp';

/** Lays one mapping over another, as Ansible's `combine` documents it: the higher one's values win, mappings and lists inside are merged as told. */
export function combineDicts(low: Dict, high: Dict, recursive: boolean, lists: ListMerge): Dict {
  const merged = new Map<Key, Py>(dictEntries(low));
  for (const [key, value] of dictEntries(high)) {
    const before = merged.get(key);
    merged.set(key, before === undefined ? value : mergeValues(before, value, recursive, lists));
  }
  return makeDict(merged);
}

function mergeValues(low: Py, high: Py, recursive: boolean, lists: ListMerge): Py {
  if (isDict(low) && isDict(high)) return recursive ? combineDicts(low, high, true, lists) : high;
  if (Array.isArray(low) && Array.isArray(high)) return mergeLists(low, high, lists);
  return high;
}

function without(items: readonly Py[], others: readonly Py[]): Py[] {
  return items.filter((item) => !others.some((other) => isEqual(item, other)));
}

function mergeLists(low: readonly Py[], high: readonly Py[], how: ListMerge): Py[] {
  switch (how) {
    case 'replace':
      return [...high];
    case 'keep':
      return [...low];
    case 'append':
      return [...low, ...high];
    case 'prepend':
      return [...high, ...low];
    case 'append_rp':
      return [...without(low, high), ...high];
    case 'prepend_rp':
      return [...high, ...without(low, high)];
  }
}
