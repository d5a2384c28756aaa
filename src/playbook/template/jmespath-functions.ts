import { contains } from './compare.ts';
import { dictEntries, dictKeys, dictValues, makeDict } from './dict.ts';
import { itemsOf, lengthOf } from './iterate.ts';
import { renderJson } from './json-text.ts';
import { parseFloatText } from './read-number.ts';
import { sortItems } from './sort.ts';
import {
  defined,
  fail,
  isDict,
  isFloat,
  isText,
  kindOf,
  makeNumber,
  numberIn,
  type Py,
} from './values.ts';

type Read = (item: Py) => Py;
type QueryFunction = (args: readonly Py[], read: Read) => Py;

const first = (args: readonly Py[]): Py => args[0] ?? null;
const second = (args: readonly Py[]): Py => args[1] ?? null;
const text = (value: Py): string =>
  isText(value) ? value : fail('json_query: the function wants a text');
const numbers = (value: Py): number[] =>
  itemsOf(value).map((item) => numberIn(item) ?? fail('json_query: the function wants numbers'));

function extreme(sign: 1 | -1): QueryFunction {
  return (args, read) => {
    const sorted = sortItems(itemsOf(first(args)), read, false);
    return (sign === 1 ? sorted.at(-1) : sorted[0]) ?? null;
  };
}

const round =
  (how: (value: number) => number): QueryFunction =>
  (args) =>
    makeNumber(
      how(numberIn(first(args)) ?? fail('json_query: the function wants a number')),
      false,
    );

const types: { readonly [kind: string]: string } = {
  none: 'null',
  bool: 'boolean',
  int: 'number',
  float: 'number',
  str: 'string',
  dict: 'object',
};

const functions: { readonly [name: string]: QueryFunction } = {
  length: (args) => lengthOf(first(args)),
  keys: (args) =>
    isDict(first(args))
      ? dictKeys(first(args) as never)
      : fail('json_query: keys() wants an object'),
  values: (args) =>
    isDict(first(args))
      ? dictValues(first(args) as never)
      : fail('json_query: values() wants an object'),
  sort: (args) => sortItems(itemsOf(first(args)), (item) => item, false),
  sort_by: (args, read) => sortItems(itemsOf(first(args)), read, false),
  max: extreme(1),
  min: extreme(-1),
  max_by: extreme(1),
  min_by: extreme(-1),
  sum: (args) =>
    makeNumber(
      numbers(first(args)).reduce((sum, item) => sum + item, 0),
      itemsOf(first(args)).some(isFloat),
    ),
  avg: (args) => {
    const items = numbers(first(args));
    return items.length === 0
      ? null
      : makeNumber(items.reduce((sum, item) => sum + item, 0) / items.length, true);
  },
  abs: (args) => makeNumber(Math.abs(numberIn(first(args)) ?? 0), isFloat(first(args))),
  ceil: round(Math.ceil),
  floor: round(Math.floor),
  join: (args) =>
    itemsOf(second(args))
      .map(text)
      .join(text(first(args))),
  contains: (args) =>
    isText(first(args)) && !isText(second(args)) ? false : contains(first(args), second(args)),
  starts_with: (args) => text(first(args)).startsWith(text(second(args))),
  ends_with: (args) => text(first(args)).endsWith(text(second(args))),
  reverse: (args) =>
    isText(first(args))
      ? [...text(first(args))].reverse().join('')
      : [...itemsOf(first(args))].reverse(),
  map: (args, read) => itemsOf(second(args)).map(read),
  to_string: (args) =>
    isText(first(args)) ? first(args) : renderJson(first(args), { separators: [',', ':'] }),
  to_number: (args) => {
    const value = first(args);
    if (!isText(value))
      return numberIn(value) === undefined || typeof value === 'boolean' ? null : value;
    const read = parseFloatText(value);
    return read === undefined ? null : makeNumber(read, /[.e]/i.test(value));
  },
  to_array: (args) => (Array.isArray(first(args)) ? first(args) : [first(args)]),
  type: (args) => types[kindOf(defined(first(args)))] ?? 'array',
  not_null: (args) => args.find((arg) => arg !== null) ?? null,
  merge: (args) => makeDict(args.flatMap((arg) => (isDict(arg) ? dictEntries(arg) : []))),
};

/** Calls a function of JMESPath; `read` works out the `&expression` among its arguments. */
export function callQueryFunction(name: string, args: readonly Py[], read: Read): Py {
  const found = Object.hasOwn(functions, name) ? functions[name] : undefined;
  return found ? found(args, read) : fail(`json_query: there is no function ${name}()`);
}
