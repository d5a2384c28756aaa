import type { BinaryOperator } from './syntax.ts';
import { fail, numberIn, type Py } from './values.ts';

/** Whole numbers of more digits than this (in bits) are not worked out. */
const maxBits = 100_000;
const largest = 1n << BigInt(maxBits);
/** Python reads no whole numbers of more digits either. */
export const maxDigits = 4300;

/** A whole number: a JavaScript number as long as that counts exactly, else a bigint. */
export function makeInteger(value: bigint): Py {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  if (value > largest || value < -largest) fail('the number becomes too large');
  return value;
}

/** The exact whole number behind an int or a bool. */
export function exactly(value: Py): bigint {
  return typeof value === 'bigint' ? value : BigInt(Math.trunc(numberIn(value) ?? 0));
}

/** Reads digits with an optional prefix of Python's, as long as they are. */
export function readInteger(digits: string): Py {
  const number = Number(digits);
  if (digits.length > maxDigits) fail(`a number of more than ${maxDigits} digits`);
  return Number.isSafeInteger(number) ? number : makeInteger(BigInt(digits));
}

/** Whole numbers as Python counts: without an end. `/` is no operator of whole numbers. */
export function calculateIntegers(operator: Exclude<BinaryOperator, '/'>, a: Py, b: Py): Py {
  const x = exactly(a);
  const y = exactly(b);
  switch (operator) {
    case '+':
      return makeInteger(x + y);
    case '-':
      return makeInteger(x - y);
    case '*':
      return makeInteger(x * y);
    case '//':
      return makeInteger((x - modulo(x, y)) / y);
    case '%':
      return makeInteger(modulo(x, y));
    case '**':
      return power(x, y);
  }
}

/** Python's remainder has the sign of the divisor. */
function modulo(x: bigint, y: bigint): bigint {
  if (y === 0n) fail('integer division or modulo by zero');
  const rest = x % y;
  return rest !== 0n && rest < 0n !== y < 0n ? rest + y : rest;
}

function power(x: bigint, y: bigint): Py {
  const bits = x.toString(2).length;
  if (bits > 2 && BigInt(bits) * y > maxBits) fail('the number becomes too large');
  return makeInteger(x ** y);
}
