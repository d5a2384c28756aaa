import type { NumberStyle } from './xlsx-styles.ts';

/** A number of a sheet as people see it there, and whether that is still what was typed. */
export interface ShownNumber {
  readonly text: string;
  readonly damage: string;
}

/** Spreadsheets keep 15 digits of a number; the rest become zeros. */
const maxExact = 1e15;

/** Shows a stored number by its style: whole numbers without an exponent, zeros before it where the format asks for them. Dates and numbers of more than 15 digits are named as damage, because what was typed is lost. */
export function showNumber(stored: string, style: NumberStyle, is1904: boolean): ShownNumber {
  const value = Number(stored);
  if (stored === '' || !Number.isFinite(value)) return { text: stored, damage: '' };
  if (style.isDate)
    return { text: dateOf(value, is1904), damage: 'the spreadsheet made a date of it' };
  if (Number.isInteger(value) && Math.abs(value) < maxExact)
    return { text: String(value).padStart(style.digits, '0'), damage: '' };
  if (Math.abs(value) >= maxExact)
    return {
      text: value.toExponential(),
      damage: 'the spreadsheet made a number of it, and kept only its first 15 digits',
    };
  return { text: String(value), damage: '' };
}

/** Day 60 of the older system is 29 February 1900, which never was (ECMA-376, part 1, 18.17.4.1). */
function dateOf(serial: number, is1904: boolean): string {
  const days = is1904 ? serial + 1462 : serial < 60 ? serial + 1 : serial;
  const milliseconds = Math.round((days - 25569) * 86_400) * 1000;
  if (Math.abs(milliseconds) > 8.64e15) return String(serial);
  const [date = '', time = ''] = new Date(milliseconds).toISOString().split('T');
  if (serial < 1) return time.slice(0, 8);
  return Number.isInteger(serial) ? date : `${date} ${time.slice(0, 8)}`;
}
