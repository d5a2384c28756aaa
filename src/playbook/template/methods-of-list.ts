import { intArgument } from './arguments.ts';
import { isEqual, isTrue } from './compare.ts';
import { grow } from './context.ts';
import { itemsOf } from './iterate.ts';
import { type Plugins, plugin } from './plugin.ts';
import { sortItems } from './sort.ts';
import { reprOf } from './text.ts';
import { fail, type Py } from './values.ts';

const own = (value: Py): Py[] => value as Py[];

function indexOf(items: readonly Py[], wanted: Py): number {
  return items.findIndex((item) => isEqual(item, wanted));
}

const search: Plugins = {
  index: plugin('self value', (_, [self, wanted]) => {
    const at = indexOf(itemsOf(self), wanted);
    return at === -1 ? fail(`${reprOf(wanted)} is not in list`) : at;
  }),
  count: plugin('self value', (_, [self, wanted]) => {
    return itemsOf(self).filter((item) => isEqual(item, wanted)).length;
  }),
};

/** Methods of `tuple`. */
export const tupleMethods: Plugins = search;

/** Methods of `list`. */
export const listMethods: Plugins = {
  ...search,
  append: plugin('self value', (on, [self, value]) => {
    grow(on.run, 8);
    own(self).push(value);
    return null;
  }),
  extend: plugin('self values', (on, [self, values]) => {
    const items = [...itemsOf(values)];
    grow(on.run, items.length * 8);
    for (const item of items) own(self).push(item);
    return null;
  }),
  insert: plugin('self index value', (on, [self, index, value]) => {
    grow(on.run, 8);
    own(self).splice(intArgument(index), 0, value);
    return null;
  }),
  pop: plugin('self index=', (_, [self, index = -1]) => {
    const items = own(self);
    const at = intArgument(index);
    const place = at < 0 ? items.length + at : at;
    const [value] = place < 0 ? [] : items.splice(place, 1);
    return value === undefined ? fail('pop index out of range') : value;
  }),
  remove: plugin('self value', (_, [self, wanted]) => {
    const at = indexOf(own(self), wanted);
    if (at === -1) fail('list.remove(x): x not in list');
    own(self).splice(at, 1);
    return null;
  }),
  reverse: plugin('self', (_, [self]) => {
    own(self).reverse();
    return null;
  }),
  clear: plugin('self', (_, [self]) => {
    own(self).length = 0;
    return null;
  }),
  copy: plugin('self', (_, [self]) => [...own(self)]),
  sort: plugin('self reverse=', (_, [self, reverse = false]) => {
    const sorted = sortItems(own(self), (item) => item, isTrue(reverse));
    own(self).splice(0, sorted.length, ...sorted);
    return null;
  }),
};
