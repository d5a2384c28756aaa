import { anyText, intArgument } from '../arguments.ts';
import { contains, holds } from '../compare.ts';
import { isIterable } from '../iterate.ts';
import { findPlugin, type Plugin, type Plugins, plugin } from '../plugin.ts';
import type { CompareOperator } from '../syntax.ts';
import {
  defined,
  fail,
  isThing,
  isUndefined,
  type Kind,
  kindOf,
  numberIn,
  type Py,
  typeName,
} from '../values.ts';

const is = (judge: (value: Py) => boolean): Plugin<boolean> =>
  plugin('value', (_, [value]) => judge(value));

const ofKind = (...kinds: readonly Kind[]): Plugin<boolean> =>
  is((value) => kinds.includes(kindOf(value)));

const comparison = (operator: CompareOperator): Plugin<boolean> =>
  plugin('value other', (_, [value, other]) => holds(operator, value, other));

function wholeNumber(value: Py): number {
  const number = numberIn(defined(value));
  return number ?? fail(`not all arguments converted: a number is wanted, not ${typeName(value)}`);
}

function modulo(value: Py, by: number): number {
  return ((wholeNumber(value) % by) + by) % by;
}

/** Whether letters are all of one case, and there are some. */
function isCased(value: Py, change: (text: string) => string): boolean {
  const text = anyText(value);
  return text === change(text) && text.toLowerCase() !== text.toUpperCase();
}

const operators = Object.fromEntries(
  (['==', '!=', '<', '<=', '>', '>='] as const).map((sign) => [sign, comparison(sign)]),
);
const isIn = plugin('value seq', (_, [value, container]) => contains(container, value));
const equal = comparison('==');
const less = comparison('<');
const greater = comparison('>');

/** The tests of Jinja2. */
export const basicTests: Plugins = {
  ...operators,
  defined: is((value) => !isUndefined(value)),
  undefined: is(isUndefined),
  none: ofKind('none'),
  boolean: ofKind('bool'),
  true: is((value) => value === true),
  false: is((value) => value === false),
  integer: ofKind('int'),
  float: ofKind('float'),
  number: ofKind('int', 'float', 'bool'),
  string: ofKind('str'),
  mapping: ofKind('dict'),
  sequence: is((value) => ['str', 'list', 'tuple', 'dict'].includes(kindOf(defined(value)))),
  iterable: is((value) => isUndefined(value) || isIterable(value)),
  callable: is((value) => isThing(value) && value.call !== undefined),
  lower: is((value) => isCased(value, (text) => text.toLowerCase())),
  upper: is((value) => isCased(value, (text) => text.toUpperCase())),
  even: is((value) => modulo(value, 2) === 0),
  odd: is((value) => modulo(value, 2) === 1),
  divisibleby: plugin('value num', (_, [value, by]) => {
    const divisor = intArgument(by);
    return divisor === 0
      ? fail('integer division or modulo by zero')
      : modulo(value, divisor) === 0;
  }),
  sameas: plugin('value other', (_, [value, other]) => value === other),
  escaped: is(() => false),
  in: isIn,
  eq: equal,
  equalto: equal,
  ne: comparison('!='),
  lt: less,
  lessthan: less,
  le: comparison('<='),
  gt: greater,
  greaterthan: greater,
  ge: comparison('>='),
  filter: plugin(
    'value',
    (on, [value]) => findPlugin(on.engine.filters, anyText(value)) !== undefined,
  ),
  test: plugin('value', (on, [value]) => findPlugin(on.engine.tests, anyText(value)) !== undefined),
};
