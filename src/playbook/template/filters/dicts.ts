import { itemOf } from '../access.ts';
import { anyText } from '../arguments.ts';
import { combineDicts, type ListMerge } from '../combine-dicts.ts';
import { isTrue } from '../compare.ts';
import { dictEntries, dictGet, dictValues, keyOf, makeDict } from '../dict.ts';
import { itemsOf } from '../iterate.ts';
import { memberOf } from '../members.ts';
import { type Plugins, plugin } from '../plugin.ts';
import { reprOf } from '../text.ts';
import {
  type Dict,
  defined,
  fail,
  isDict,
  isText,
  type Key,
  makeTuple,
  type Py,
  typeName,
} from '../values.ts';
import { flattenItems } from './flatten.ts';

const merges = ['replace', 'keep', 'append', 'prepend', 'append_rp', 'prepend_rp'];

const combine = plugin(
  '*terms recursive= list_merge=',
  (_, [terms, recursive = false, merge = 'replace']) => {
    const how = anyText(merge);
    if (!merges.includes(how))
      fail(`merge_hash: 'list_merge' argument can only be equal to ${merges.join(', ')}`);
    const dicts = flattenItems(itemsOf(terms), 1, true).map((term) => {
      const known = defined(term);
      return isDict(known)
        ? known
        : fail(`failed to combine variables, expected dicts but got a '${typeName(known)}'`);
    });
    const [first = makeDict(), ...others] = dicts;
    return others.reduce(
      (low, high) => combineDicts(low, high, isTrue(recursive), how as ListMerge),
      first,
    );
  },
);

const dict2items = plugin(
  'value key_name= value_name=',
  (_, [value, key = 'key', name = 'value']) => {
    if (!isDict(defined(value)))
      return fail(`dict2items requires a dictionary, got ${typeName(value)} instead.`);
    return dictEntries(value as Dict).map(([at, item]) =>
      makeDict([
        [keyOf(key), at],
        [keyOf(name), item],
      ]),
    );
  },
);

const items2dict = plugin(
  'value key_name= value_name=',
  (_, [value, key = 'key', name = 'value']) => {
    if (isText(value) || isDict(value))
      return fail(`items2dict requires a list, got ${typeName(value)} instead.`);
    return makeDict(
      itemsOf(value).map((item): [Key, Py] => {
        const at = memberOf(item, key);
        const found = memberOf(item, name);
        if (at === undefined || found === undefined)
          return fail(
            `items2dict requires each dictionary in the list to contain the keys '${anyText(key)}' and '${anyText(name)}'`,
          );
        return [keyOf(at), found];
      }),
    );
  },
);

const extract = plugin('item container morekeys=', (on, [item, container, more = null]) => {
  const keys = more === null ? [] : Array.isArray(more) ? more : [more];
  return [item, ...keys].reduce((value: Py, key) => itemOf(value, key, on), container);
});

/** The list a dotted way leads to in one element; undefined when a key is missing and that is allowed. */
function listAt(
  element: Py,
  path: readonly Py[],
  skipsMissing: boolean,
): readonly Py[] | undefined {
  let value = element;
  for (const key of path) {
    if (!isDict(value))
      return fail(`the key ${anyText(key)} should point to a dictionary, got '${anyText(value)}'`);
    const found = memberOf(value, key);
    if (found === undefined && skipsMissing) return undefined;
    if (found === undefined)
      return fail(`could not find ${reprOf(key)} key in iterated item ${reprOf(value)}`);
    value = found;
  }
  if (Array.isArray(value)) return value;
  return fail(`the key ${reprOf(path.at(-1) ?? '')} should point to a list, got ${reprOf(value)}`);
}

const subelements = plugin('value subelements skip_missing=', (_, [value, path, skip = false]) => {
  const elements = isDict(value) ? dictValues(value) : value;
  if (!Array.isArray(elements)) return fail('obj must be a list of dicts or a nested dict');
  const keys = isText(path) ? path.split('.') : itemsOf(path);
  return elements.flatMap((element) =>
    (listAt(element, keys, isTrue(skip)) ?? []).map((item) => makeTuple([element, item])),
  );
});

const rekey = plugin('data key duplicates=', (_, [data, key, duplicates = 'error']) => {
  const rows = isDict(data) ? dictValues(data) : itemsOf(data);
  const rekeyed = new Map<Key, Py>();
  for (const row of rows) {
    if (!isDict(row)) return fail('List item is not a valid dict');
    const name = dictGet(row, keyOf(key));
    if (name === undefined) return fail(`Key ${anyText(key)} was not found`);
    if (rekeyed.has(keyOf(name)) && duplicates === 'error')
      return fail(`Key ${anyText(name)} is not unique, cannot correctly turn into dict`);
    rekeyed.set(keyOf(name), row);
  }
  return makeDict(rekeyed);
});

/** Filters for mappings. */
export const dictFilters: Plugins = {
  combine,
  dict2items,
  items2dict,
  items: plugin('value', (_, [value]) =>
    isDict(value)
      ? dictEntries(value).map((pair) => makeTuple(pair))
      : fail('Can only get item pairs from a mapping.'),
  ),
  extract,
  subelements,
  rekey_on_member: rekey,
  dict: plugin('value', (_, [value]) =>
    makeDict(
      itemsOf(value).map((pair): [Key, Py] => {
        const [key = null, item = null] = itemsOf(pair);
        return [keyOf(key), item];
      }),
    ),
  ),
};
