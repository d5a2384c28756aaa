import { type Context, grow } from './context.ts';
import { calculateIntegers, exactly, makeInteger } from './integers.ts';
import { itemsOf } from './iterate.ts';
import { makeDuration, makeMoment } from './moment.ts';
import { formatPercent } from './percent-format.ts';
import type { BinaryOperator } from './syntax.ts';
import { textOf } from './text.ts';
import {
  defined,
  fail,
  isFloat,
  isText,
  isThing,
  isTuple,
  kindOf,
  makeNumber,
  makeTuple,
  numberIn,
  type Py,
  typeName,
} from './values.ts';

/** Works out `left operator right` as Python does. */
export function calculate(operator: BinaryOperator, left: Py, right: Py, on: Context): Py {
  const a = defined(left);
  const b = defined(right);
  if (operator === '%' && isText(a)) return formatPercent(a, b);
  if (numberIn(a) !== undefined && numberIn(b) !== undefined)
    return calculateNumbers(operator, a, b);
  if (operator === '+') return join(a, b, on) ?? refuse(operator, a, b);
  if (operator === '*') return repeat(a, b, on) ?? refuse(operator, a, b);
  if (operator === '-') return between(a, b, -1) ?? refuse(operator, a, b);
  return refuse(operator, a, b);
}

function refuse(operator: BinaryOperator, a: Py, b: Py): never {
  const sign = operator === '**' ? '** or pow()' : operator;
  if (operator === '+' && isText(a))
    return fail(`can only concatenate str (not "${typeName(b)}") to str`);
  if (operator === '+' && Array.isArray(a))
    return fail(`can only concatenate list (not "${typeName(b)}") to list`);
  return fail(`unsupported operand type(s) for ${sign}: '${typeName(a)}' and '${typeName(b)}'`);
}

function calculateNumbers(operator: BinaryOperator, a: Py, b: Py): Py {
  const [x, y] = [numberIn(a) ?? 0, numberIn(b) ?? 0];
  const float = isFloat(a) || isFloat(b);
  if (operator === '/')
    return makeNumber(divide(x, y, float ? 'float division by zero' : 'division by zero'), true);
  if (float || (operator === '**' && y < 0)) return calculateFloats(operator, x, y);
  return quickly(operator, x, y) ?? calculateIntegers(operator, a, b);
}

/** Sums and products that a JavaScript number holds exactly. */
function quickly(operator: BinaryOperator, x: number, y: number): number | undefined {
  const found =
    operator === '+' ? x + y : operator === '-' ? x - y : operator === '*' ? x * y : Number.NaN;
  const isExact = Number.isSafeInteger(x) && Number.isSafeInteger(y) && Number.isSafeInteger(found);
  return isExact && found !== 0 ? found : undefined;
}

function calculateFloats(operator: Exclude<BinaryOperator, '/'>, x: number, y: number): Py {
  switch (operator) {
    case '+':
      return makeNumber(x + y, true);
    case '-':
      return makeNumber(x - y, true);
    case '*':
      return makeNumber(x * y, true);
    case '//':
      return makeNumber(Math.floor(divide(x, y, 'float floor division by zero')), true);
    case '%':
      return makeNumber(modulo(x, y), true);
    case '**':
      return power(x, y);
  }
}

function divide(x: number, y: number, message: string): number {
  return y === 0 ? fail(message) : x / y;
}

/** Python's remainder has the sign of the divisor. */
function modulo(x: number, y: number): number {
  if (y === 0) fail('float modulo');
  const rest = x % y;
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
}

function power(x: number, y: number): Py {
  if (x === 0 && y < 0) fail('0.0 cannot be raised to a negative power');
  if (x < 0 && !Number.isInteger(y)) fail('complex numbers are not supported');
  return makeNumber(x ** y, true);
}

function join(a: Py, b: Py, on: Context): Py | undefined {
  if (isText(a) && isText(b)) {
    grow(on.run, a.length + b.length);
    return a + b;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    grow(on.run, a.length + b.length);
    return [...a, ...b];
  }
  if (isTuple(a) && isTuple(b)) return makeTuple([...a.items, ...b.items]);
  return between(a, b, 1);
}

function repeat(a: Py, b: Py, on: Context): Py | undefined {
  const [many, times] = kindOf(b) === 'int' || kindOf(b) === 'bool' ? [a, b] : [b, a];
  const count = kindOf(times) === 'int' || kindOf(times) === 'bool' ? numberIn(times) : undefined;
  if (count === undefined) return undefined;
  const rounds = Math.max(0, count);
  if (isText(many)) {
    grow(on.run, many.length * rounds);
    return many.repeat(rounds);
  }
  if (!Array.isArray(many) && !isTuple(many)) return undefined;
  const items = itemsOf(many);
  grow(on.run, items.length * rounds * 8);
  const repeated = items.length === 0 ? [] : Array.from({ length: rounds }, () => items).flat();
  return isTuple(many) ? makeTuple(repeated) : repeated;
}

/** Points in time and lengths of time: added, or one taken from the other. */
function between(a: Py, b: Py, sign: 1 | -1): Py | undefined {
  if (!isThing(a) || !isThing(b) || a.ms === undefined || b.ms === undefined) return undefined;
  const ms = a.ms + sign * b.ms;
  const areDates = [a.type === 'datetime', b.type === 'datetime'];
  if (areDates[0] && areDates[1]) return sign === -1 ? makeDuration(ms) : undefined;
  if (!areDates[0] && areDates[1]) return sign === 1 ? makeMoment(ms) : undefined;
  return areDates[0] ? makeMoment(ms) : makeDuration(ms);
}

/** `-x` or `+x`. */
export function sign(operator: '-' | '+', value: Py): Py {
  const number = numberIn(defined(value));
  if (number === undefined)
    return fail(`bad operand type for unary ${operator}: '${typeName(value)}'`);
  if (!isFloat(value)) return makeInteger(operator === '-' ? -exactly(value) : exactly(value));
  return makeNumber(operator === '-' ? -number : number, true);
}

/** `a ~ b`: what `str()` says of each, joined. */
export function concatenate(items: readonly Py[], on: Context): string {
  const text = items.map(textOf).join('');
  grow(on.run, text.length);
  return text;
}
