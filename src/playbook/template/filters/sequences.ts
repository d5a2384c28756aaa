import { intArgument } from '../arguments.ts';
import { calculate } from '../arithmetic.ts';
import { foldCase, readPath } from '../attribute-path.ts';
import { compare, isTrue } from '../compare.ts';
import { grow } from '../context.ts';
import { itemsOf, lengthOf } from '../iterate.ts';
import { type Plugin, type Plugins, plugin } from '../plugin.ts';
import { textOf } from '../text.ts';
import { fail, isText, makeUndefined, orElse, type Py } from '../values.ts';

const length = plugin('value', (_, [value]) => lengthOf(value));

function end(which: 'first' | 'last'): Plugin {
  return plugin('value', (_, [value]) =>
    orElse(itemsOf(value).at(which === 'first' ? 0 : -1), () =>
      makeUndefined(`No ${which} item, sequence was empty.`, ''),
    ),
  );
}

function extreme(sign: '<' | '>'): Plugin {
  return plugin('value case_sensitive= attribute=', (on, [value, exact = false, path = null]) => {
    const read = path === null ? (item: Py) => item : readPath(path, on);
    const keyOf = (item: Py): Py => (isTrue(exact) ? read(item) : foldCase(read(item)));
    const [first, ...others] = itemsOf(value);
    if (first === undefined) return makeUndefined('No aggregated item, sequence was empty.', '');
    return others.reduce((best, item) => {
      const order = compare(keyOf(item), keyOf(best), sign) ?? 0;
      return (sign === '<' ? order < 0 : order > 0) ? item : best;
    }, first);
  });
}

/** Filters for lists of anything. */
export const sequenceFilters: Plugins = {
  length,
  count: length,
  first: end('first'),
  last: end('last'),
  min: extreme('<'),
  max: extreme('>'),
  list: plugin('value', (_, [value]) => [...itemsOf(value)]),
  join: plugin('value d= attribute=', (on, [value, between = '', path = null]) => {
    const read = path === null ? (item: Py) => item : readPath(path, on);
    const text = itemsOf(value)
      .map((item) => textOf(read(item)))
      .join(textOf(between));
    grow(on.run, text.length);
    return text;
  }),
  sum: plugin('value attribute= start=', (on, [value, path = null, start = 0]) => {
    const read = path === null ? (item: Py) => item : readPath(path, on);
    return itemsOf(value).reduce((sum: Py, item) => calculate('+', sum, read(item), on), start);
  }),
  reverse: plugin('value', (_, [value]) =>
    isText(value) ? [...value].reverse().join('') : [...itemsOf(value)].reverse(),
  ),
  batch: plugin('value linecount fill_with=', (on, [value, count, fill = null]) => {
    const size = intArgument(count);
    if (fill !== null) grow(on.run, size * 8);
    if (size < 1) fail('batch wants a number above 0');
    const rows: Py[][] = [];
    for (const item of itemsOf(value)) {
      const last = rows.at(-1);
      if (last && last.length < size) last.push(item);
      else rows.push([item]);
    }
    const last = rows.at(-1);
    while (fill !== null && last && last.length < size) last.push(fill);
    return rows;
  }),
  slice: plugin('value slices fill_with=', (on, [value, count, fill = null]) => {
    const items = itemsOf(value);
    const slices = intArgument(count);
    if (slices < 1) fail('slice wants a number above 0');
    grow(on.run, slices * 8);
    const size = Math.floor(items.length / slices);
    const longer = items.length % slices;
    let at = 0;
    return Array.from({ length: slices }, (_none, index): Py[] => {
      const end = at + size + (index < longer ? 1 : 0);
      const row = items.slice(at, end);
      at = end;
      return fill !== null && index >= longer && longer > 0 ? [...row, fill] : row;
    });
  }),
};
