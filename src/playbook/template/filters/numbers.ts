import { anyText, intArgument } from '../arguments.ts';
import { isTrue } from '../compare.ts';
import { toFixed } from '../number-text.ts';
import { type Plugins, plugin } from '../plugin.ts';
import { parseFloatText, parseIntText } from '../read-number.ts';
import {
  defined,
  fail,
  isFloat,
  isText,
  makeNumber,
  numberIn,
  orElse,
  type Py,
  typeName,
} from '../values.ts';

function realNumber(value: Py, message: string): number {
  return (
    numberIn(defined(value)) ?? fail(`${message}: must be real number, not ${typeName(value)}`)
  );
}

/** Jinja2's `int`: what Python's `int()` takes, else what `float()` takes, else the default. */
function toInt(value: Py, base: number): Py | undefined {
  const known = defined(value);
  const whole = isText(known) ? parseIntText(known, base) : undefined;
  if (whole !== undefined || typeof known === 'bigint') return whole ?? known;
  const number = isText(known) ? parseFloatText(known) : numberIn(known);
  if (number === undefined || !Number.isFinite(number)) return undefined;
  return makeNumber(Math.trunc(number), false);
}

function roundNumber(value: Py, digits: number, method: string): Py {
  const number = realNumber(value, 'round');
  if (method === 'common') {
    if (!isFloat(value)) return digits >= 0 ? number : roundTens(number, digits);
    return makeNumber(
      digits >= 0 ? Number(toFixed(number, digits)) : roundTens(number, digits),
      true,
    );
  }
  if (method !== 'ceil' && method !== 'floor') fail('method must be common, ceil or floor');
  const scale = 10 ** digits;
  const scaled = number * scale;
  return makeNumber((method === 'ceil' ? Math.ceil(scaled) : Math.floor(scaled)) / scale, true);
}

/** Python rounds halves to the even neighbour. */
function roundTens(number: number, digits: number): number {
  const scale = 10 ** -digits;
  const below = Math.floor(number / scale);
  const rest = number / scale - below;
  const isUp = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
  return (isUp ? below + 1 : below) * scale;
}

const sizes = ['B', 'K', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];

function humanReadable(size: number, isBits: boolean, unit: string | undefined): string {
  let power = sizes.length - 1;
  const fits = (at: number): boolean =>
    unit === undefined ? size >= 1024 ** at : unit.toUpperCase() === sizes[at];
  while (power > 0 && !fits(power)) power--;
  const base = isBits ? 'bits' : 'Bytes';
  const suffix = power === 0 ? base : `${sizes[power] ?? ''}${base.charAt(0)}`;
  return `${toFixed(size / 1024 ** power, 2)} ${suffix}`;
}

function humanToBytes(text: string, fallback: string | undefined, isBits: boolean): number {
  const found = /^\s*(\d*\.?\d*)\s*([A-Za-z]+)?/.exec(text);
  const number = Number(found?.[1] || '.');
  const unit = found?.[2] ?? fallback ?? '';
  const power = unit === '' ? 0 : sizes.indexOf(unit.charAt(0).toUpperCase());
  const [sign, word] = isBits ? ['b', 'bit'] : ['B', 'byte'];
  const isUnit = unit.length < 2 || unit.charAt(1) === sign || unit.toLowerCase().includes(word);
  if (Number.isNaN(number) || power === -1 || !isUnit)
    fail(`human_to_bytes() can't interpret following string: ${text}`);
  return Math.round(number * 1024 ** power);
}

/** Filters for numbers. */
export const numberFilters: Plugins = {
  abs: plugin('value', (_, [value]) =>
    makeNumber(Math.abs(realNumber(value, 'abs')), isFloat(value)),
  ),
  int: plugin('value default= base=', (_, [value, fallback = 0, base = 10]) => {
    return orElse(toInt(value, intArgument(base)), () => fallback);
  }),
  float: plugin('value default=', (_, [value, fallback = makeNumber(0, true)]) => {
    const number = isText(value) ? parseFloatText(value) : numberIn(defined(value));
    return number === undefined ? fallback : makeNumber(number, true);
  }),
  round: plugin('value precision= method=', (_, [value, precision = 0, method = 'common']) =>
    roundNumber(value, intArgument(precision), anyText(method)),
  ),
  log: plugin('value base=', (_, [value, base = makeNumber(Math.E, true)]) => {
    const [x, b] = [
      realNumber(value, 'log() can only be used on numbers'),
      realNumber(base, 'log()'),
    ];
    if (x <= 0) fail('math domain error');
    if (b === 10) return makeNumber(Math.log10(x), true);
    return makeNumber(b === Math.E ? Math.log(x) : Math.log(x) / Math.log(b), true);
  }),
  pow: plugin('value exponent', (_, [value, exponent]) =>
    makeNumber(
      realNumber(value, 'pow() can only be used on numbers') ** realNumber(exponent, 'pow()'),
      true,
    ),
  ),
  root: plugin('value base=', (_, [value, base = 2]) => {
    const [x, b] = [
      realNumber(value, 'root() can only be used on numbers'),
      realNumber(base, 'root()'),
    ];
    if (x < 0) fail('root() can only be used on numbers: math domain error');
    return makeNumber(b === 2 ? Math.sqrt(x) : x ** (1 / b), true);
  }),
  human_readable: plugin('size isbits= unit=', (_, [size, bits = false, unit = null]) =>
    humanReadable(
      realNumber(size, 'human_readable() failed on bad input'),
      isTrue(bits),
      unit === null ? undefined : anyText(unit),
    ),
  ),
  human_to_bytes: plugin('size default_unit= isbits=', (_, [size, unit = null, bits = false]) =>
    humanToBytes(anyText(size), unit === null ? undefined : anyText(unit), isTrue(bits)),
  ),
};
