import { foldCase, readPath } from '../attribute-path.ts';
import { isEqual, isTrue } from '../compare.ts';
import { type Context, grow, spend } from '../context.ts';
import { itemsOf } from '../iterate.ts';
import { type Plugin, type Plugins, plugin } from '../plugin.ts';
import { fail, isText, kindOf, numberIn, type Py, typeName } from '../values.ts';

/** A quick key for scalars that are equal to Python; undefined for the rest, which must be compared. */
function scalarKey(value: Py): string | number | undefined {
  if (isText(value)) return `t${value}`;
  if (typeof value === 'bigint') return `i${value}`;
  if (value === null) return 'n';
  return numberIn(value);
}

/** A collection that tells whether an equal value is in it. */
function makeSet(values: readonly Py[] = []): { has(value: Py): boolean; add(value: Py): void } {
  const scalars = new Set<string | number>();
  const others: Py[] = [];
  const set = {
    has: (value: Py): boolean => {
      const key = scalarKey(value);
      return key === undefined ? others.some((other) => isEqual(other, value)) : scalars.has(key);
    },
    add: (value: Py): void => {
      const key = scalarKey(value);
      if (key === undefined) others.push(value);
      else scalars.add(key);
    },
  };
  for (const value of values) set.add(value);
  return set;
}

/** The first of each kind of equal values. */
export function distinct(items: readonly Py[], keyOf: (item: Py) => Py, on: Context): Py[] {
  spend(on.run, items.length);
  const seen = makeSet();
  return items.filter((item) => {
    const key = keyOf(item);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

const same = (item: Py): Py => item;

function members(value: Py): readonly Py[] {
  const items = itemsOf(value);
  return kindOf(value) === 'str' || Array.isArray(value) ? items : [...items];
}

function combineSets(choose: (a: readonly Py[], b: readonly Py[]) => readonly Py[]): Plugin {
  return plugin('a b', (on, [a, b]) => {
    const [first, second] = [members(a), members(b)];
    grow(on.run, (first.length + second.length) * 8);
    return distinct(choose(first, second), same, on);
  });
}

function without(items: readonly Py[], others: readonly Py[]): Py[] {
  const set = makeSet(others);
  return items.filter((item) => !set.has(item));
}

/** Set theory on lists. */
export const setFilters: Plugins = {
  unique: plugin('a case_sensitive= attribute=', (on, [value, exact = null, path = null]) => {
    const read = path === null ? same : readPath(path, on);
    const items = itemsOf(value);
    // lists and mappings cannot be hashed, so that Ansible compares such items as they are
    const isHashed = items.every((item) => scalarKey(read(item)) !== undefined);
    if (!isHashed && path !== null)
      fail("Jinja2's unique filter failed and we cannot fall back to Ansible's version");
    const folds = !isTrue(exact) && isHashed;
    return distinct(items, (item) => (folds ? foldCase(read(item)) : read(item)), on);
  }),
  intersect: combineSets((a, b) => {
    const set = makeSet(b);
    return a.filter((item) => set.has(item));
  }),
  difference: combineSets(without),
  symmetric_difference: combineSets((a, b) => [...without(a, b), ...without(b, a)]),
  union: plugin('a b', (on, [a, b]) => {
    if (!Array.isArray(a) || !Array.isArray(b))
      if (kindOf(a) !== kindOf(b)) fail(`can only concatenate list (not "${typeName(b)}") to list`);
    return distinct([...members(a), ...members(b)], same, on);
  }),
};

/** Whether all of some values are among others. */
export function isSubset(some: Py, others: Py): boolean {
  const set = makeSet(itemsOf(others));
  return itemsOf(some).every((item) => set.has(item));
}
