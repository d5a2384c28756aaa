/** A float as Python's `repr` writes it: the shortest digits, with an exponent below 1e-4 and from 1e16 on. */
export function renderFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [digits = '', power = ''] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16)
    return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  const plain = exponent < 0 ? expand(digits, exponent) : String(value);
  return /[.e]/.test(plain) ? plain : `${plain}.0`;
}

function expand(digits: string, exponent: number): string {
  const sign = digits.startsWith('-') ? '-' : '';
  return `${sign}0.${'0'.repeat(-exponent - 1)}${digits.replace(/[-.]/g, '')}`;
}

/** Rounds to so many digits as Python does: the exact decimal value decides, and halves go to the even digit. */
export function toFixed(value: number, digits: number): string {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e21 || digits > 100)
    return Number.isFinite(value) ? value.toFixed(Math.min(digits, 100)) : renderFloat(value);
  const fixed = value.toFixed(digits);
  // JavaScript rounds exact halves away from zero; such values have a short exact expansion
  const exact = Math.abs(value).toFixed(Math.min(100, digits + 30));
  const cut = exact.length - 30;
  if (digits + 30 > 100 || !/^50*$/.test(exact.slice(cut))) return fixed;
  const kept = exact.slice(0, cut).replace(/\.$/, '');
  const isEven = Number(kept.at(-1)) % 2 === 0;
  const sign = value < 0 ? '-' : '';
  return isEven ? `${sign}${kept}` : fixed;
}
