import { dictArgument } from './arguments.ts';
import { dictEntries, dictGet, dictKeys, dictValues, keyOf, makeDict, ownMap } from './dict.ts';
import { itemsOf } from './iterate.ts';
import { type Plugins, plugin } from './plugin.ts';
import { reprOf } from './text.ts';
import { type Dict, fail, isDict, makeTuple, makeView, orElse, type Py } from './values.ts';

const own = (value: Py): Dict => value as Dict;

/** Methods of `dict`. */
export const dictMethods: Plugins = {
  get: plugin('self key default=', (_, [self, key, fallback = null]) => {
    return orElse(dictGet(own(self), keyOf(key)), () => fallback);
  }),
  items: plugin('self', (_, [self]) =>
    makeView(
      'dict_items',
      dictEntries(own(self)).map((entry) => makeTuple(entry)),
    ),
  ),
  keys: plugin('self', (_, [self]) => makeView('dict_keys', dictKeys(own(self)))),
  values: plugin('self', (_, [self]) => makeView('dict_values', dictValues(own(self)))),
  copy: plugin('self', (_, [self]) => makeDict(dictEntries(own(self)))),
  update: plugin('self other= **named', (_, [self, other, named]) => {
    const map = ownMap(own(self));
    for (const [key, value] of entriesFrom(other)) map.set(key, value);
    for (const [key, value] of dictEntries(own(named))) map.set(key, value);
    return null;
  }),
  pop: plugin('self key default=', (_, [self, key, fallback]) => {
    const map = ownMap(own(self));
    const name = keyOf(key);
    const value = map.has(name) ? map.get(name) : fallback;
    if (value === undefined) return fail(`KeyError: ${reprOf(name)}`);
    map.delete(name);
    return value;
  }),
  setdefault: plugin('self key default=', (_, [self, key, fallback = null]) => {
    const map = ownMap(own(self));
    const name = keyOf(key);
    const value = orElse(map.get(name), () => fallback);
    map.set(name, value);
    return value;
  }),
  clear: plugin('self', (_, [self]) => {
    ownMap(own(self)).clear();
    return null;
  }),
  popitem: plugin('self', (_, [self]) => {
    const map = ownMap(own(self));
    const last = [...map].at(-1);
    if (!last) return fail('popitem(): dictionary is empty');
    map.delete(last[0]);
    return makeTuple(last);
  }),
};

/** Entries of a dict, or of a list of pairs. */
export function entriesFrom(value: Py | undefined): [ReturnType<typeof keyOf>, Py][] {
  if (value === undefined) return [];
  if (isDict(value)) return dictEntries(dictArgument(value, 'update'));
  return itemsOf(value).map((pair) => {
    const [key, item, ...rest] = itemsOf(pair);
    if (key === undefined || item === undefined || rest.length > 0)
      return fail('a dict is made of pairs');
    return [keyOf(key), item];
  });
}
