import { intArgument } from '../arguments.ts';
import { isTrue } from '../compare.ts';
import { itemsOf } from '../iterate.ts';
import { type Plugins, plugin } from '../plugin.ts';
import { isTuple, type Py } from '../values.ts';

/** Dissolves lists inside a list, so many levels deep; undefined: all. */
export function flattenItems(
  items: readonly Py[],
  levels: number | undefined,
  skipsNulls: boolean,
): Py[] {
  return items.flatMap((item): Py[] => {
    if (skipsNulls && (item === null || item === 'None' || item === 'null')) return [];
    const inner = Array.isArray(item) ? item : isTuple(item) ? item.items : undefined;
    if (!inner || levels === 0) return [item];
    return flattenItems(inner, levels === undefined ? undefined : levels - 1, skipsNulls);
  });
}

export const flattenFilters: Plugins = {
  flatten: plugin('value levels= skip_nulls=', (_, [value, levels = null, skip = true]) =>
    flattenItems(itemsOf(value), levels === null ? undefined : intArgument(levels), isTrue(skip)),
  ),
};
