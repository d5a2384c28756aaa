import { foldCase, readPath } from '../attribute-path.ts';
import { callFilter, callTest } from '../calling.ts';
import { isEqual, isTrue } from '../compare.ts';
import { type Context, spend } from '../context.ts';
import { dictEntries, dictGet } from '../dict.ts';
import { itemsOf } from '../iterate.ts';
import { type Plugin, type Plugins, plugin } from '../plugin.ts';
import { sortItems } from '../sort.ts';
import {
  type Args,
  type Dict,
  fail,
  isDict,
  isText,
  makeTuple,
  type Py,
  type Tuple,
  typeName,
} from '../values.ts';

function namedOf(named: Py): ReadonlyMap<string, Py> {
  return new Map(dictEntries(named as Dict).map(([name, value]) => [String(name), value]));
}

function textName(value: Py, what: string): string {
  return isText(value) ? value : fail(`a ${what}'s name is text, not ${typeName(value)}`);
}

/** Whether an item passes the test that `select` and the like are given; without one its truth decides. */
function makeJudge(test: readonly Py[], named: Py, on: Context): (value: Py) => boolean {
  const [name, ...positional] = test;
  if (name === undefined) return isTrue;
  const args: Args = { positional, named: namedOf(named) };
  const known = textName(name, 'test');
  return (value) => callTest(known, value, args, on);
}

function choose(wanted: boolean): Plugin {
  return plugin('value *test **named', (on, [value, test, named]) => {
    const judge = makeJudge(itemsOf(test), named, on);
    return itemsOf(value).filter((item) => judge(item) === wanted);
  });
}

function chooseByAttribute(wanted: boolean): Plugin {
  return plugin('value attribute *test **named', (on, [value, path, test, named]) => {
    const judge = makeJudge(itemsOf(test), named, on);
    const read = readPath(path, on);
    return itemsOf(value).filter((item) => judge(read(item)) === wanted);
  });
}

const map = plugin('value *filter **named', (on, [value, filter, named]) => {
  const items = itemsOf(value);
  const [name, ...positional] = itemsOf(filter);
  spend(on.run, items.length);
  if (name !== undefined) {
    const known = textName(name, 'filter');
    const args: Args = { positional, named: namedOf(named) };
    return items.map((item) => callFilter(known, item, args, on));
  }
  const path = dictGet(named as Dict, 'attribute');
  if (path === undefined) return fail('map requires a filter argument');
  return items.map(readPath(path, on, dictGet(named as Dict, 'default')));
});

/** The sort key of `sort` and `groupby`: one attribute, or several with commas between them. */
function sortKey(path: Py, isExact: boolean, on: Context): (item: Py) => Py {
  const fold = isExact ? (value: Py) => value : foldCase;
  if (path === null) return fold;
  if (!isText(path) || !path.includes(',')) {
    const read = readPath(path, on);
    return (item) => fold(read(item));
  }
  const readers = path.split(',').map((part) => readPath(part, on));
  return (item) => makeTuple(readers.map((read) => fold(read(item))));
}

const sort = plugin(
  'value reverse= case_sensitive= attribute=',
  (on, [value, reverse = false, exact = false, path = null]) => {
    const items = itemsOf(value);
    spend(on.run, items.length);
    return sortItems(items, sortKey(path, isTrue(exact), on), isTrue(reverse));
  },
);

const groupby = plugin(
  'value attribute default= case_sensitive=',
  (on, [value, path, fallback = null, exact = false]) => {
    const read = readPath(path, on, fallback === null ? undefined : fallback);
    const keyOf = (item: Py): Py => (isTrue(exact) ? read(item) : foldCase(read(item)));
    const groups: { key: Py; shown: Py; items: Py[] }[] = [];
    for (const item of sortItems(itemsOf(value), keyOf, false)) {
      const last = groups.at(-1);
      const key = keyOf(item);
      if (last && isEqual(last.key, key)) last.items.push(item);
      else groups.push({ key, shown: read(item), items: [item] });
    }
    return groups.map(
      ({ shown, items }): Tuple => ({
        kind: 'tuple',
        items: [shown, items],
        names: ['grouper', 'list'],
      }),
    );
  },
);

const dictsort = plugin(
  'value case_sensitive= by= reverse=',
  (_, [value, exact = false, by = 'key', reverse = false]) => {
    if (!isDict(value)) return fail(`dictsort wants a mapping, not ${typeName(value)}`);
    if (by !== 'key' && by !== 'value') fail('You can only sort by either "key" or "value"');
    const place = by === 'key' ? 0 : 1;
    const pairs = dictEntries(value).map((pair) => makeTuple(pair));
    const keyOf = (pair: Py): Py => {
      const part = (pair as Tuple).items[place] ?? null;
      return isTrue(exact) ? part : foldCase(part);
    };
    return sortItems(pairs, keyOf, isTrue(reverse));
  },
);

/** Filters that choose, change and order the members of a list. */
export const selectFilters: Plugins = {
  map,
  select: choose(true),
  reject: choose(false),
  selectattr: chooseByAttribute(true),
  rejectattr: chooseByAttribute(false),
  sort,
  groupby,
  dictsort,
};
