import { intArgument } from '../arguments.ts';
import { type Context, grow } from '../context.ts';
import { dictGet } from '../dict.ts';
import { itemsOf } from '../iterate.ts';
import { type Plugins, plugin } from '../plugin.ts';
import { type Dict, fail, makeTuple, type Py } from '../values.ts';

/** More tuples than this are not made. */
const maxTuples = 1_000_000;

function lists(first: Py, others: Py): (readonly Py[])[] {
  return [first, ...itemsOf(others)].map(itemsOf);
}

function zip(rows: readonly (readonly Py[])[], length: number, fill: Py): Py[] {
  return Array.from({ length }, (_, at) =>
    makeTuple(rows.map((row) => (at < row.length ? (row[at] ?? null) : fill))),
  );
}

function product(columns: readonly (readonly Py[])[], on: Context): Py[] {
  const count = columns.reduce((total, column) => total * column.length, 1);
  if (count > maxTuples) fail('product makes too many combinations');
  grow(on.run, count * 8 * columns.length);
  let rows: Py[][] = [[]];
  for (const column of columns) rows = rows.flatMap((row) => column.map((item) => [...row, item]));
  return rows.map((row) => makeTuple(row));
}

/** Choices of so many places, in the order in which Python's itertools gives them. */
function choose(count: number, length: number, ordered: boolean, on: Context): number[][] {
  const found: number[][] = [];
  const extend = (chosen: readonly number[]): void => {
    if (found.length > maxTuples) fail('too many combinations');
    if (chosen.length === count) {
      grow(on.run, count * 8);
      found.push([...chosen]);
      return;
    }
    const from = ordered ? 0 : (chosen.at(-1) ?? -1) + 1;
    for (let at = from; at < length; at++)
      if (!ordered || !chosen.includes(at)) extend([...chosen, at]);
  };
  if (count <= length) extend([]);
  return found;
}

function pick(items: readonly Py[], places: readonly number[]): Py {
  return makeTuple(places.map((at) => items[at] ?? null));
}

/** Filters that join lists, as Python's itertools does. */
export const combinationFilters: Plugins = {
  zip: plugin('value *others', (_, [value, others]) => {
    const rows = lists(value, others);
    return zip(rows, Math.min(...rows.map((row) => row.length)), null);
  }),
  zip_longest: plugin('value *others fillvalue=', (_, [value, others, fill = null]) => {
    const rows = lists(value, others);
    return zip(rows, Math.max(...rows.map((row) => row.length)), fill);
  }),
  product: plugin('value *others **named', (on, [value, others, named]) => {
    const repeat = intArgument(dictGet(named as Dict, 'repeat') ?? 1);
    if (repeat < 0 || repeat > 100) fail('repeat argument must be between 0 and 100');
    const columns = lists(value, others);
    return product(Array.from({ length: repeat }, () => columns).flat(), on);
  }),
  permutations: plugin('value length=', (on, [value, length = null]) => {
    const items = itemsOf(value);
    const count = length === null ? items.length : intArgument(length);
    return choose(count, items.length, true, on).map((places) => pick(items, places));
  }),
  combinations: plugin('value length', (on, [value, length]) => {
    const items = itemsOf(value);
    return choose(intArgument(length), items.length, false, on).map((places) =>
      pick(items, places),
    );
  }),
};
