import { dictGet } from './dict.ts';
import { renderMagnitude } from './number-format.ts';
import { reprOf, textOf } from './text.ts';
import {
  type Dict,
  defined,
  fail,
  isFloat,
  isTuple,
  kindOf,
  numberIn,
  orElse,
  type Py,
  typeName,
} from './values.ts';

const directive = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?([\s\S])?/g;

/** Widths above this are refused. */
const maxWidth = 100_000;

/** Python's `'text %s' % values` (docs.python.org, "printf-style String Formatting"). */
export function formatPercent(template: string, values: Py): string {
  const items = isTuple(values) ? values.items : [values];
  let taken = 0;
  let usesNames = false;
  const nextItem = (): Py =>
    taken < items.length
      ? (items[taken++] ?? null)
      : fail('not enough arguments for format string');
  const formatted = template.replace(directive, (whole, name, flags, width, precision, type) => {
    if (type === '%') return '%';
    if (type === undefined) return fail('incomplete format');
    const size = (written: string | undefined): number | undefined =>
      written === '*' ? numberIn(nextItem()) : written === undefined ? undefined : Number(written);
    const least = size(width) ?? 0;
    const digits = size(precision);
    if (least > maxWidth || (digits ?? 0) > maxWidth) fail('width too big in format string');
    let value: Py;
    if (name === undefined) value = nextItem();
    else {
      usesNames = true;
      value = named(values, name as string);
    }
    return pad(
      convert(value, type as string, digits, flags as string, whole),
      least,
      flags as string,
      type as string,
    );
  });
  const isMapping = kindOf(values) === 'dict';
  if (!usesNames && taken < items.length && !isMapping)
    fail('not all arguments converted during string formatting');
  return formatted;
}

function named(values: Py, name: string): Py {
  if (kindOf(values) !== 'dict') return fail('format requires a mapping');
  return orElse(dictGet(values as Dict, name), () => fail(`KeyError: '${name}'`));
}

function convert(
  value: Py,
  type: string,
  precision: number | undefined,
  flags: string,
  whole: string,
): string {
  if (type === 's' || type === 'r' || type === 'a') {
    const text = type === 's' ? textOf(value) : reprOf(value);
    return precision === undefined ? text : [...text].slice(0, precision).join('');
  }
  if (type === 'c') return character(value);
  const number = numberIn(defined(value));
  if (!/^[diuoxXeEfFgG]$/.test(type))
    return fail(`unsupported format character '${type}' in ${JSON.stringify(whole)}`);
  if (number === undefined)
    return fail(`%${type} format: a real number is required, not ${typeName(value)}`);
  const isWhole = /^[diuoxX]$/.test(type);
  if (/^[oxX]$/.test(type) && isFloat(value))
    fail(`%${type} format: an integer is required, not float`);
  const size = isWhole ? magnitudeOf(value, number) : Math.abs(number);
  const style = {
    type: /^[diu]$/.test(type) ? 'd' : type,
    precision,
    alternate: flags.includes('#'),
  };
  const digits = renderMagnitude(size, !isWhole, style).padStart(
    isWhole ? (precision ?? 0) : 0,
    '0',
  );
  return `${signOf(number < 0, flags)}${digits}`;
}

/** A number without its sign and fraction. */
export function magnitudeOf(value: Py, number: number): number | bigint {
  if (typeof value !== 'bigint') return Math.trunc(Math.abs(number));
  return value < 0n ? -value : value;
}

function signOf(isNegative: boolean, flags: string): string {
  if (isNegative) return '-';
  return flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
}

function character(value: Py): string {
  if (typeof value === 'string' && [...value].length === 1) return value;
  const code = numberIn(value);
  return code === undefined ? fail('%c requires int or char') : String.fromCodePoint(code);
}

function pad(text: string, width: number, flags: string, type: string): string {
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0') || /[sra]/.test(type)) return text.padStart(width);
  const [, prefix = '', digits = ''] = /^([-+ ]?(?:0[xXo])?)([\s\S]*)$/.exec(text) ?? [];
  return prefix + digits.padStart(width - prefix.length, '0');
}
