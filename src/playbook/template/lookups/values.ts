import { itemOf } from '../access.ts';
import { anyText } from '../arguments.ts';
import { isTrue } from '../compare.ts';
import { undefinedName } from '../context.ts';
import { dictEntries, dictGet, dictValues, makeDict } from '../dict.ts';
import { flattenItems } from '../filters/flatten.ts';
import { itemsOf } from '../iterate.ts';
import { lookUpVariable } from '../look-up.ts';
import { type Plugins, plugin } from '../plugin.ts';
import { pythonPattern } from '../python-pattern.ts';
import { defined, fail, isDict, isText, isUndefined, makeTuple, type Py } from '../values.ts';

const listed = (value: Py): readonly Py[] =>
  isText(value) || isDict(value) ? [value] : itemsOf(value);

const vars = plugin('terms default=', (on, [terms, fallback]) =>
  itemsOf(terms).map((term) => {
    if (!isText(term))
      return fail(`Invalid setting identifier, "${anyText(term)}" is not a string`);
    const value = lookUpVariable(on, term);
    if (value !== undefined && !isUndefined(value)) return value;
    if (fallback !== undefined) return fallback;
    if (value !== undefined) return defined(value);
    return defined(undefinedName(term)) ?? null;
  }),
);

const varnames = plugin('terms', (on, [terms]) => {
  const names = [...new Set(on.scope.names())];
  return itemsOf(terms).flatMap((term) => {
    const { regex } = pythonPattern(anyText(term), '', 'search', 0);
    return names.filter((name) => regex.test(name));
  });
});

/** One list, or several, made flat one level deep. */
const items = plugin('terms', (_, [terms]) => flattenItems(itemsOf(terms), 1, false));

function together(lists: readonly (readonly Py[])[]): Py[] {
  const length = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length }, (_, at) => lists.map((list) => list[at] ?? null));
}

function nested(lists: readonly (readonly Py[])[]): Py[] {
  const count = lists.reduce((total, list) => total * list.length, 1);
  if (count > 1_000_000) fail('nested makes too many combinations');
  let rows: Py[][] = [[]];
  for (const list of lists) rows = rows.flatMap((row) => list.map((item) => [...row, item]));
  return rows;
}

const subelements = plugin('terms', (on, [terms]) => {
  const [elements = null, path = null, flags = null] = itemsOf(terms);
  const rows = isDict(elements) ? dictValues(elements) : itemsOf(elements);
  const skips = isDict(flags) && isTrue(dictGet(flags, 'skip_missing') ?? false);
  return rows.flatMap((row): Py[] => {
    let value: Py = row;
    for (const key of anyText(path).split('.')) value = itemOf(value, key, on);
    if (isUndefined(value) && skips) return [];
    if (!Array.isArray(value))
      return fail(`the key ${anyText(path)} should point to a list, got something else`);
    return value.map((item): Py => makeTuple([row, item]));
  });
});

/** Lookups that work on values alone. */
export const valueLookups: Plugins = {
  vars,
  varnames,
  items,
  list: plugin('terms', (_, [terms]) => [...itemsOf(terms)]),
  flattened: plugin('terms', (_, [terms]) => flattenItems(itemsOf(terms), undefined, false)),
  dict: plugin('terms', (_, [terms]) =>
    itemsOf(terms).flatMap((term) => {
      if (!isDict(term)) return fail('with_dict expects a dict');
      return dictEntries(term).map(([key, value]) =>
        makeDict([
          ['key', key],
          ['value', value],
        ]),
      );
    }),
  ),
  indexed_items: plugin('terms', (_, [terms]) =>
    flattenItems(itemsOf(terms), 1, false).map((item, index) => makeTuple([index, item])),
  ),
  together: plugin('terms', (_, [terms]) => together(itemsOf(terms).map(listed))),
  nested: plugin('terms', (_, [terms]) => nested(itemsOf(terms).map(listed))),
  cartesian: plugin('terms', (_, [terms]) => nested(itemsOf(terms).map(listed))),
  subelements,
  random_choice: plugin('terms', (on, [terms]) => {
    const choices = itemsOf(terms);
    return choices.length === 0
      ? []
      : [choices[Math.floor(on.engine.effects.random() * choices.length)] ?? null];
  }),
};
