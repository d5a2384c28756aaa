import { fail } from './values.ts';

/** A point in time taken apart, by the clock on the wall. `month` and `day` count from 1, `weekday` from Sunday = 0. */
export interface Clock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  readonly weekday: number;
  readonly yearDay: number;
  /** Minutes east of Greenwich, where it is known. */
  readonly offset: number | undefined;
  readonly zone: string;
}

const dayMs = 86_400_000;

/** Takes milliseconds apart that are read as if the clock stood at Greenwich. */
export function clockOf(ms: number, offset?: number, zone = ''): Clock {
  const date = new Date(ms);
  const yearStart = Date.UTC(date.getUTCFullYear(), 0, 1);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    microsecond: Math.round((ms - Math.floor(ms / 1000) * 1000) * 1000),
    weekday: date.getUTCDay(),
    yearDay: Math.floor((ms - yearStart) / dayMs) + 1,
    offset,
    zone,
  };
}

/** The clock on this machine's wall. */
export function localClock(ms: number): Clock {
  const offset = -new Date(ms).getTimezoneOffset();
  const parts = new Intl.DateTimeFormat('en', { timeZoneName: 'short' }).formatToParts(ms);
  const zone = parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
  return clockOf(ms + offset * 60_000, offset, zone);
}

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

export { days as dayNames, months as monthNames };

const two = (value: number, sign = '0'): string => String(value).padStart(2, sign);

function weekOfYear(clock: Clock, firstDay: 0 | 1): number {
  const weekday = (clock.weekday - firstDay + 7) % 7;
  return Math.floor((clock.yearDay - 1 + 7 - weekday) / 7);
}

function isoWeek(clock: Clock): { year: number; week: number } {
  const weekday = (clock.weekday + 6) % 7;
  const thursday = new Date(Date.UTC(clock.year, clock.month - 1, clock.day + 3 - weekday));
  const year = thursday.getUTCFullYear();
  return { year, week: Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / dayMs / 7) + 1 };
}

function zoneOffset({ offset }: Clock): string {
  if (offset === undefined) return '';
  const size = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
}

function epoch(clock: Clock): number {
  const { year, month, day, hour, minute, second, offset = 0 } = clock;
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - offset * 60;
}

const directives: { readonly [letter: string]: (clock: Clock) => string } = {
  a: ({ weekday }) => (days[weekday] ?? '').slice(0, 3),
  A: ({ weekday }) => days[weekday] ?? '',
  b: ({ month }) => (months[month - 1] ?? '').slice(0, 3),
  B: ({ month }) => months[month - 1] ?? '',
  c: (clock) => strftime('%a %b %e %H:%M:%S %Y', clock),
  C: ({ year }) => two(Math.floor(year / 100)),
  d: ({ day }) => two(day),
  D: (clock) => strftime('%m/%d/%y', clock),
  e: ({ day }) => two(day, ' '),
  f: ({ microsecond }) => String(microsecond).padStart(6, '0'),
  F: (clock) => strftime('%Y-%m-%d', clock),
  g: (clock) => two(isoWeek(clock).year % 100),
  G: (clock) => String(isoWeek(clock).year),
  h: ({ month }) => (months[month - 1] ?? '').slice(0, 3),
  H: ({ hour }) => two(hour),
  I: ({ hour }) => two(hour % 12 || 12),
  j: ({ yearDay }) => String(yearDay).padStart(3, '0'),
  k: ({ hour }) => two(hour, ' '),
  l: ({ hour }) => two(hour % 12 || 12, ' '),
  m: ({ month }) => two(month),
  M: ({ minute }) => two(minute),
  n: () => '\n',
  p: ({ hour }) => (hour < 12 ? 'AM' : 'PM'),
  P: ({ hour }) => (hour < 12 ? 'am' : 'pm'),
  r: (clock) => strftime('%I:%M:%S %p', clock),
  R: (clock) => strftime('%H:%M', clock),
  s: (clock) => String(epoch(clock)),
  S: ({ second }) => two(second),
  t: () => '\t',
  T: (clock) => strftime('%H:%M:%S', clock),
  u: ({ weekday }) => String(weekday === 0 ? 7 : weekday),
  U: (clock) => two(weekOfYear(clock, 0)),
  V: (clock) => two(isoWeek(clock).week),
  w: ({ weekday }) => String(weekday),
  W: (clock) => two(weekOfYear(clock, 1)),
  x: (clock) => strftime('%m/%d/%y', clock),
  X: (clock) => strftime('%H:%M:%S', clock),
  y: ({ year }) => two(year % 100),
  Y: ({ year }) => String(year),
  z: zoneOffset,
  Z: ({ zone }) => zone,
  '%': () => '%',
};

/** Python's `strftime` in the C locale (strftime(3)); `-` before a letter leaves leading zeros out, as glibc does. */
export function strftime(format: string, clock: Clock): string {
  return format.replaceAll(
    /%([-_])?([\s\S]|$)/g,
    (whole, flag: string | undefined, letter: string) => {
      const write = directives[letter];
      if (!write) return letter === '' ? fail('a % at the end of a time format') : whole;
      const text = write(clock);
      if (flag === '-') return text.replace(/^[ 0]+(?=\d)/, '');
      return flag === '_' ? text.replace(/^0+(?=\d)/, (zeros) => ' '.repeat(zeros.length)) : text;
    },
  );
}
