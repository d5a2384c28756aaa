import { groupDigits, renderMagnitude } from './number-format.ts';
import { magnitudeOf } from './percent-format.ts';
import { textOf } from './text.ts';
import { fail, isFloat, isText, isThing, kindOf, numberIn, type Py } from './values.ts';

const specification =
  /^(?:([\s\S])?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/u;

interface Spec {
  readonly fill: string;
  readonly align: string;
  readonly sign: string;
  readonly alternate: boolean;
  readonly width: number;
  readonly separator: string;
  readonly precision: number | undefined;
  readonly type: string;
}

/** Formats one value by Python's format specification mini-language. */
export function formatBySpec(value: Py, text: string): string {
  if (isThing(value) && value.type === 'datetime' && text !== '') return formatMoment(value, text);
  if (text === '') return textOf(value);
  const spec = readSpec(text);
  const number = kindOf(value) === 'bool' && spec.type === '' ? undefined : numberIn(value);
  if (number === undefined) return formatText(value, spec);
  return align(formatNumber(value, number, spec), spec, spec.align || '>');
}

function formatMoment(value: Extract<Py, { kind: 'thing' }>, text: string): string {
  const method = value.get?.('strftime');
  return method && isThing(method) && method.call
    ? textOf(method.call({ positional: [text], named: new Map() }))
    : textOf(value);
}

function readSpec(text: string): Spec {
  const found = specification.exec(text);
  if (!found) return fail(`Invalid format specifier '${text}'`);
  const [
    ,
    fill,
    how,
    sign = '',
    alternate,
    zero,
    width = '0',
    separator = '',
    precision,
    type = '',
  ] = found;
  if (Number(width) > 100_000) fail('Too many decimal digits in format string');
  return {
    fill: fill ?? (zero === undefined ? ' ' : '0'),
    align: how ?? (zero === undefined ? '' : '='),
    sign,
    alternate: alternate !== undefined,
    width: Number(width),
    separator,
    precision: precision === undefined ? undefined : Number(precision),
    type,
  };
}

function formatText(value: Py, spec: Spec): string {
  if (spec.type !== '' && spec.type !== 's')
    fail(
      `Unknown format code '${spec.type}' for object of type '${isText(value) ? 'str' : 'object'}'`,
    );
  const text = [...textOf(value)].slice(0, spec.precision ?? Number.POSITIVE_INFINITY).join('');
  return align(text, spec, spec.align === '=' || spec.align === '' ? '<' : spec.align);
}

function formatNumber(value: Py, number: number, spec: Spec): string {
  const float = isFloat(value);
  if (spec.type === 's') fail("Unknown format code 's' for object of type 'int'");
  if (spec.type === 'c') return String.fromCodePoint(number);
  if (float && /[bdoxX]/.test(spec.type))
    fail(`Unknown format code '${spec.type}' for object of type 'float'`);
  const isNegative = number < 0 || Object.is(number, -0);
  const size = float ? Math.abs(number) : magnitudeOf(value, number);
  const digits = renderMagnitude(size, float, spec);
  const grouped =
    spec.separator === ''
      ? digits
      : groupDigits(digits, spec.separator, /[boxX]/.test(spec.type) ? 4 : 3);
  return `${isNegative ? '-' : spec.sign === '-' ? '' : spec.sign}${grouped}`;
}

function align(text: string, { fill, width }: Spec, how: string): string {
  const missing = Math.max(0, width - [...text].length);
  if (how === '<') return text + fill.repeat(missing);
  if (how === '>') return fill.repeat(missing) + text;
  if (how === '^') {
    const left = Math.floor(missing / 2);
    return fill.repeat(left) + text + fill.repeat(missing - left);
  }
  const [, sign = '', rest = ''] = /^([-+ ]?(?:0[xXob])?)([\s\S]*)$/.exec(text) ?? [];
  return sign + fill.repeat(missing) + rest;
}
