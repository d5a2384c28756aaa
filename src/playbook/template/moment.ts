import { type Clock, clockOf, dayNames, monthNames, strftime } from './strftime.ts';
import { type Args, fail, isText, makeNumber, type Py, type Thing } from './values.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** A `datetime` without a time zone; `ms` are those of a clock at Greenwich that shows it. */
export function makeMoment(ms: number): Thing {
  const clock = clockOf(ms);
  const fields: { readonly [name: string]: Py } = {
    year: clock.year,
    month: clock.month,
    day: clock.day,
    hour: clock.hour,
    minute: clock.minute,
    second: clock.second,
    microsecond: clock.microsecond,
  };
  return {
    kind: 'thing',
    type: 'datetime',
    ms,
    text: () => textOfMoment(clock, ' '),
    repr: () => reprOfMoment(clock),
    get: (name) => (Object.hasOwn(fields, name) ? fields[name] : methodOfMoment(name, ms, clock)),
  };
}

function textOfMoment(clock: Clock, between: string): string {
  const fraction = clock.microsecond === 0 ? '' : '.%f';
  return strftime(`%Y-%m-%d${between}%H:%M:%S${fraction}`, clock);
}

function reprOfMoment({ year, month, day, hour, minute, second, microsecond }: Clock): string {
  const rest = microsecond !== 0 ? [second, microsecond] : second !== 0 ? [second] : [];
  return `datetime.datetime(${[year, month, day, hour, minute, ...rest].join(', ')})`;
}

function makeMethod(call: (args: Args) => Py): Thing {
  return { kind: 'thing', type: 'builtin_function_or_method', call };
}

function methodOfMoment(name: string, ms: number, clock: Clock): Thing | undefined {
  switch (name) {
    case 'strftime':
      return makeMethod(({ positional: [format] }) =>
        format !== undefined && isText(format)
          ? strftime(format, clock)
          : fail('strftime() takes the text of a format'),
      );
    case 'timestamp':
      // a datetime without a zone is one of this machine's clock
      return makeMethod(() =>
        makeNumber((ms + new Date(ms).getTimezoneOffset() * 60_000) / 1000, true),
      );
    case 'isoformat':
      return makeMethod(() => textOfMoment(clock, 'T'));
    case 'weekday':
      return makeMethod(() => (clock.weekday + 6) % 7);
    case 'isoweekday':
      return makeMethod(() => clock.weekday || 7);
    case 'date':
      return makeMethod(() => makeMoment(Math.floor(ms / 86_400_000) * 86_400_000));
    default:
      return undefined;
  }
}

/** A `timedelta`. */
export function makeDuration(ms: number): Thing {
  const days = Math.floor(ms / 86_400_000);
  const rest = ms - days * 86_400_000;
  const seconds = Math.floor(rest / 1000);
  const microseconds = Math.round((rest - seconds * 1000) * 1000);
  const fields: { readonly [name: string]: Py } = { days, seconds, microseconds };
  return {
    kind: 'thing',
    type: 'timedelta',
    ms,
    text: () => textOfDuration(days, seconds, microseconds),
    repr: () => reprOfDuration(fields),
    get: (name) => {
      if (name === 'total_seconds') return makeMethod(() => makeNumber(ms / 1000, true));
      return Object.hasOwn(fields, name) ? fields[name] : undefined;
    },
  };
}

function reprOfDuration(fields: { readonly [name: string]: Py }): string {
  const parts = Object.entries(fields).filter(([, value]) => value !== 0);
  const inner = parts.map(([name, value]) => `${name}=${String(value)}`).join(', ');
  return `datetime.timedelta(${inner === '' ? '0' : inner})`;
}

function textOfDuration(days: number, seconds: number, microseconds: number): string {
  const time = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const fraction = microseconds === 0 ? '' : `.${String(microseconds).padStart(6, '0')}`;
  const count = days === 0 ? '' : `${days} day${Math.abs(days) === 1 ? '' : 's'}, `;
  return `${count}${time}${fraction}`;
}

const numbers: { readonly [letter: string]: readonly [string, string] } = {
  Y: ['year', '\\d{4}'],
  y: ['shortYear', '\\d{2}'],
  m: ['month', '1[0-2]|0?[1-9]'],
  d: ['day', '3[01]|[12]\\d|0?[1-9]| [1-9]'],
  H: ['hour', '2[0-3]|[01]?\\d'],
  I: ['twelve', '1[0-2]|0?[1-9]'],
  M: ['minute', '[0-5]?\\d'],
  S: ['second', '6[01]|[0-5]?\\d'],
  f: ['fraction', '\\d{1,6}'],
  j: ['yearDay', '36[0-6]|3[0-5]\\d|[12]\\d\\d|0?[1-9]\\d|0{0,2}[1-9]'],
  p: ['half', 'AM|PM'],
  B: ['monthName', monthNames.join('|')],
  b: ['monthName', monthNames.map((name) => name.slice(0, 3)).join('|')],
  A: ['weekday', dayNames.join('|')],
  a: ['weekday', dayNames.map((name) => name.slice(0, 3)).join('|')],
  z: ['zone', 'Z|[-+]\\d{2}:?\\d{2}'],
  Z: ['zoneName', 'UTC|GMT|[A-Z]{3,4}'],
};

/** Python's `datetime.strptime`. */
export function parseMoment(text: string, format: string): Thing {
  const expanded = format
    .replaceAll('%T', '%H:%M:%S')
    .replaceAll('%F', '%Y-%m-%d')
    .replaceAll('%D', '%m/%d/%y');
  const seen = new Set<string>();
  const pattern = expanded.replaceAll(
    /%(.)|\s+|[\\^$.*+?()[\]{}|/-]/gs,
    (whole, letter: string | undefined) => {
      if (letter === undefined) return whole.trim() === '' ? '\\s+' : `\\${whole}`;
      if (letter === '%') return '%';
      const found = numbers[letter];
      if (!found) return fail(`'${letter}' is a bad directive in format '${format}'`);
      if (seen.has(found[0])) return fail(`redefinition of '${letter}' in format '${format}'`);
      seen.add(found[0]);
      return `(?<${found[0]}>${found[1]})`;
    },
  );
  const groups = new RegExp(`^${pattern}$`, 'i').exec(text)?.groups;
  if (!groups && !new RegExp(`^${pattern}$`, 'i').test(text))
    return fail(`time data '${text}' does not match format '${format}'`);
  return makeMoment(momentOf(groups ?? {}, text));
}

type Groups = { readonly [name: string]: string | undefined };

function numberOf(groups: Groups, name: string): number | undefined {
  return groups[name] === undefined ? undefined : Number(groups[name]);
}

function momentOf(groups: Groups, text: string): number {
  const yearDay = numberOf(groups, 'yearDay');
  const day = yearDay ?? numberOf(groups, 'day') ?? 1;
  const date = new Date(0);
  date.setUTCFullYear(yearOf(groups), yearDay === undefined ? monthOf(groups) - 1 : 0, day);
  if (yearDay === undefined && date.getUTCDate() !== day)
    fail(`day is out of range for month: ${text}`);
  const minutes = hourOf(groups) * 60 + (numberOf(groups, 'minute') ?? 0);
  const seconds = minutes * 60 + (numberOf(groups, 'second') ?? 0);
  const fraction = Number((groups['fraction'] ?? '0').padEnd(6, '0')) / 1000;
  return date.getTime() + seconds * 1000 + fraction;
}

function yearOf(groups: Groups): number {
  const short = numberOf(groups, 'shortYear');
  if (short === undefined) return numberOf(groups, 'year') ?? 1900;
  return short < 69 ? 2000 + short : 1900 + short;
}

function monthOf(groups: Groups): number {
  const name = groups['monthName']?.slice(0, 3).toLowerCase();
  const named = monthNames.findIndex((month) => month.slice(0, 3).toLowerCase() === name);
  return named === -1 ? (numberOf(groups, 'month') ?? 1) : named + 1;
}

function hourOf(groups: Groups): number {
  const twelve = numberOf(groups, 'twelve');
  if (twelve === undefined) return numberOf(groups, 'hour') ?? 0;
  return (twelve % 12) + (groups['half']?.toUpperCase() === 'PM' ? 12 : 0);
}
