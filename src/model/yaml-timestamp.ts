const shape =
  /^(?:\d{4}-\d{2}-\d{2}|\d{4}-\d{1,2}-\d{1,2}(?:[Tt]|[ \t]+)\d{1,2}:\d{2}:\d{2}(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d{1,2}(?::\d{2})?))?)$/;
const parts =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]|[ \t]+)(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d*))?(?:[ \t]*(?:(Z)|([-+])(\d{1,2})(?::(\d{2}))?))?)?$/;

/**
 * Reads what YAML 1.1 takes for a date or time and gives Python's `isoformat()` of it, which is what Ansible prints; undefined when it is none,
 * and for a day that does not exist. (https://yaml.org/type/timestamp.html)
 */
export function readTimestamp(text: string): string | undefined {
  const found = shape.test(text) ? parts.exec(text) : null;
  if (!found) return undefined;
  const [, year = '', month = '', day = '', hour, minute = '', second = '', fraction = ''] = found;
  if (!isDay(Number(year), Number(month), Number(day))) return undefined;
  const date = `${year}-${two(month)}-${two(day)}`;
  if (hour === undefined) return date;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const micros = fraction.slice(0, 6).padEnd(6, '0');
  const rest = Number(micros) === 0 ? '' : `.${micros}`;
  return `${date}T${two(hour)}:${minute}:${second}${rest}${zoneOf(found)}`;
}

function zoneOf([, , , , , , , , zulu, sign, hours = '', minutes = '00']: RegExpExecArray): string {
  if (zulu) return '+00:00';
  if (!sign) return '';
  const isZero = Number(hours) === 0 && Number(minutes) === 0;
  return `${isZero ? '+' : sign}${two(hours)}:${minutes}`;
}

function isDay(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= (days[month - 1] ?? 0);
}

function two(digits: string): string {
  return digits.padStart(2, '0');
}
