import { renderFloat, toFixed } from './number-text.ts';
import { fail } from './values.ts';

/** How one number is written by `%` and `format`. */
export interface NumberStyle {
  readonly type: string;
  readonly precision: number | undefined;
  /** `#`: with `0x` and the like. */
  readonly alternate: boolean;
}

/** A number without sign in one of Python's presentations: d, b, o, x, X, e, E, f, F, g, G, %, n; '' is its own. */
export function renderMagnitude(
  value: number | bigint,
  isFloat: boolean,
  style: NumberStyle,
): string {
  const { type } = style;
  if (type === 'd' || type === 'n' || (type === '' && !isFloat && style.precision === undefined))
    return String(value);
  const radix = radixes.get(type);
  if (radix !== undefined) return renderRadix(value, radix, style);
  const text = renderReal(Number(value), type.toLowerCase(), style);
  return type === type.toUpperCase() && type !== '' ? text.toUpperCase() : text;
}

const radixes: ReadonlyMap<string, number> = new Map([
  ['b', 2],
  ['o', 8],
  ['x', 16],
  ['X', 16],
]);

function renderRadix(
  value: number | bigint,
  radix: number,
  { type, alternate }: NumberStyle,
): string {
  const digits = value.toString(radix);
  const text = `${alternate ? `0${type.toLowerCase()}` : ''}${digits}`;
  return type === 'X' ? text.toUpperCase() : text;
}

function renderReal(value: number, type: string, { precision, alternate }: NumberStyle): string {
  if (!Number.isFinite(value)) return renderFloat(value);
  if (type === 'f') return toFixed(value, precision ?? 6);
  if (type === '%') return `${toFixed(value * 100, precision ?? 6)}%`;
  if (type === 'e') return withExponent(value.toExponential(Math.min(precision ?? 6, 100)));
  if (type === '' && precision === undefined) return renderFloat(value);
  if (type === 'g' || type === '') return renderGeneral(value, precision ?? 6, type, alternate);
  return fail(`Unknown format code '${type}'`);
}

/** Python writes at least two digits of an exponent. */
function withExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

function renderGeneral(value: number, precision: number, type: string, keeps: boolean): string {
  const digits = Math.max(1, Math.min(precision, 100));
  const exponent = value === 0 ? 0 : Number(value.toExponential(digits - 1).split('e')[1]);
  // a format without a type keeps one digit after the point, so it turns to an exponent one earlier
  const limit = type === '' ? digits - 1 : digits;
  const isWide = exponent < -4 || exponent >= Math.max(limit, 1);
  const text = isWide
    ? value.toExponential(digits - 1)
    : toFixed(value, Math.max(0, digits - 1 - exponent));
  const [mantissa = '', power] = text.split('e');
  const short = keeps || !mantissa.includes('.') ? mantissa : mantissa.replace(/\.?0+$/, '');
  const shown = type === '' && power === undefined && !short.includes('.') ? `${short}.0` : short;
  return power === undefined ? shown : withExponent(`${short}e${power}`);
}

/** Digits in groups of three (or four for binary ones). */
export function groupDigits(digits: string, separator: string, size = 3): string {
  const [, whole = '', rest = ''] = /^([0-9a-fA-F]*)(.*)$/s.exec(digits) ?? [];
  return whole.replaceAll(new RegExp(`\\B(?=(?:.{${size}})+$)`, 'g'), separator) + rest;
}
