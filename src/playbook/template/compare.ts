import { dictEntries, dictGet, dictHas, dictSize, keyOf } from './dict.ts';
import { itemsOf } from './iterate.ts';
import type { CompareOperator } from './syntax.ts';
import {
  type Dict,
  defined,
  fail,
  isDict,
  isTuple,
  kindOf,
  nothing,
  numberIn,
  type Py,
  type Thing,
  type Tuple,
  typeName,
  type View,
} from './values.ts';

/** What Python takes for true. Undefined fails. */
export function isTrue(value: Py): boolean {
  if (typeof value === 'boolean') return value;
  if (value === nothing) return false;
  const known = defined(value);
  switch (kindOf(known)) {
    case 'none':
      return false;
    case 'str':
      return known !== '';
    case 'int':
    case 'float':
      return numberIn(known) !== 0;
    case 'list':
      return (known as Py[]).length > 0;
    case 'tuple':
    case 'view':
      return (known as Tuple | View).items.length > 0;
    case 'dict':
      return dictSize(known as Dict) > 0;
    default:
      return true;
  }
}

/** Python's `==`. */
export function isEqual(left: Py, right: Py): boolean {
  const a = defined(left);
  const b = defined(right);
  if (a === b) return !Number.isNaN(a);
  if (typeof a === 'bigint' || typeof b === 'bigint') return a === b;
  const x = numberIn(a);
  if (x !== undefined) return x === numberIn(b);
  if (Array.isArray(a)) return Array.isArray(b) && areEqual(a, b);
  if (isTuple(a)) return isTuple(b) && areEqual(a.items, b.items);
  if (isDict(a)) return isDict(b) && areEqualDicts(a, b);
  if (kindOf(a) === 'view')
    return kindOf(b) === 'view' && areEqual((a as View).items, (b as View).items);
  const time = timeOf(a);
  return time !== undefined && time === timeOf(b);
}

function timeOf(value: Py): number | undefined {
  return kindOf(value) === 'thing' ? (value as Thing).ms : undefined;
}

function areEqual(a: readonly Py[], b: readonly Py[]): boolean {
  return a.length === b.length && a.every((item, index) => isEqual(item, b[index] ?? null));
}

function areEqualDicts(a: Dict, b: Dict): boolean {
  if (dictSize(a) !== dictSize(b)) return false;
  return dictEntries(a).every(([key, value]) => {
    const other = dictGet(b, key);
    return other !== undefined && isEqual(value, other);
  });
}

/** Python's `<` as a number below, equal to or above 0; undefined where a NaN has no place. Types that have no order fail. */
export function compare(left: Py, right: Py, sign = '<'): number | undefined {
  const a = defined(left);
  const b = defined(right);
  const x = typeof a === 'bigint' ? a : (numberIn(a) ?? timeOf(a));
  const y = typeof b === 'bigint' ? b : (numberIn(b) ?? timeOf(b));
  if (x !== undefined && y !== undefined) return orderNumbers(x, y);
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  const sameList = Array.isArray(a) && Array.isArray(b);
  if (sameList || (isTuple(a) && isTuple(b))) return compareItems(itemsOf(a), itemsOf(b), sign);
  return fail(`'${sign}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`);
}

function orderNumbers(x: number | bigint, y: number | bigint): number | undefined {
  if (Number.isNaN(x) || Number.isNaN(y)) return undefined;
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Python orders text by code points; UTF-16 units differ from them above U+FFFF. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const end = Math.min(a.length, b.length);
  let at = 0;
  while (at < end && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === end) return a.length - b.length;
  const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
  return rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
}

function compareItems(a: readonly Py[], b: readonly Py[], sign: string): number | undefined {
  const end = Math.min(a.length, b.length);
  for (let index = 0; index < end; index++) {
    const x = a[index] ?? null;
    const y = b[index] ?? null;
    if (!isEqual(x, y)) return compare(x, y, sign);
  }
  return a.length - b.length;
}

/** Python's `in`. */
export function contains(container: Py, item: Py): boolean {
  const known = defined(container);
  const wanted = defined(item);
  if (typeof known === 'string') {
    if (typeof wanted === 'string') return known.includes(wanted);
    return fail(`'in <string>' requires string as left operand, not ${typeName(wanted)}`);
  }
  if (isDict(known)) return dictHas(known, keyOf(wanted));
  if (['none', 'bool', 'int', 'float'].includes(kindOf(known)))
    fail(`argument of type '${typeName(known)}' is not iterable`);
  return itemsOf(known).some((member) => isEqual(member, wanted));
}

/** One of Python's comparisons. */
export function holds(operator: CompareOperator, left: Py, right: Py): boolean {
  switch (operator) {
    case '==':
      return isEqual(left, right);
    case '!=':
      return !isEqual(left, right);
    case 'in':
      return contains(right, left);
    case 'not in':
      return !contains(right, left);
    default: {
      const order = compare(left, right, operator);
      if (order === undefined) return false;
      if (operator === '<') return order < 0;
      if (operator === '<=') return order <= 0;
      return operator === '>' ? order > 0 : order >= 0;
    }
  }
}
