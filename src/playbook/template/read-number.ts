import { maxDigits } from './integers.ts';

const radixes: { readonly [letter: string]: number } = { x: 16, o: 8, b: 2 };

/** What Python's `int(text, base)` reads; undefined for what it refuses. Base 0 reads the prefix. */
export function parseIntText(text: string, base: number): number | bigint | undefined {
  const [, sign = '', body = ''] = /^([-+]?)(.*)$/s.exec(text.trim().toLowerCase()) ?? [];
  const [prefix = '', letter = ''] = /^0([xob])_?/.exec(body) ?? [];
  const radix = radixes[letter];
  const takesPrefix = radix !== undefined && (base === 0 || base === radix);
  const digits = takesPrefix ? body.slice(prefix.length) : body;
  const used = base === 0 ? (takesPrefix ? radix : 10) : base;
  // without a base, digits that begin with 0 could be meant as octal ones
  if (base === 0 && !takesPrefix && /^0[0_]*[1-9]/.test(digits)) return undefined;
  const value = parseDigits(digits, used);
  return sign === '-' && value ? -value : value;
}

function parseDigits(digits: string, base: number): number | bigint | undefined {
  if (base < 2 || base > 36 || !/^[0-9a-z]+(?:_[0-9a-z]+)*$/.test(digits)) return undefined;
  const plain = digits.replaceAll('_', '');
  if (plain.length > maxDigits) return undefined;
  if ([...plain].some((digit) => Number.parseInt(digit, 36) >= base)) return undefined;
  const number = base === 10 ? Number(plain) : Number.parseInt(plain, base);
  if (Number.isSafeInteger(number)) return number;
  const by = BigInt(base);
  return [...plain].reduce((sum, digit) => sum * by + BigInt(Number.parseInt(digit, 36)), 0n);
}

/** What Python's `float(text)` reads; undefined for what it refuses. */
export function parseFloatText(text: string): number | undefined {
  const trimmed = text.trim().toLowerCase();
  const [, sign = '', body = ''] = /^([-+]?)(.*)$/s.exec(trimmed) ?? [];
  const factor = sign === '-' ? -1 : 1;
  if (body === 'inf' || body === 'infinity') return factor * Number.POSITIVE_INFINITY;
  if (body === 'nan') return Number.NaN;
  const number = /^(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[-+]?\d+(?:_\d+)*)?$/;
  return number.test(body) ? factor * Number(body.replaceAll('_', '')) : undefined;
}
