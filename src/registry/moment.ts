/** A moment as somebody wrote it: as exact as it was written, so a date is its whole day. Both ends belong to it; ISO 8601 in UTC. */
export interface Moment {
  readonly from: string;
  readonly to: string;
}

/** What `parseMoment` answers. */
export type ParsedMoment = Moment | { readonly problem: string; readonly hint: string };

const hint = 'write "2026-03-12 10:05" (local time), 2026-03-12T02:05:00Z, or a date';
const pattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** Reads a date, a local time, or an ISO 8601 time with its offset. Times that no clock shows (30 February) are refused. */
export function parseMoment(text: string): ParsedMoment {
  const match = pattern.exec(text.trim());
  if (!match) return { problem: `"${text}" is not a time`, hint };
  const [year, month, day, hour, minute, second, milli] = match
    .slice(1, 8)
    .map((part) => (part === undefined ? undefined : Number(part)));
  const parts = [year, month, day, hour, minute, second].map((part) => part ?? 0);
  const ms = milli === undefined ? 0 : Number((match[7] ?? '').padEnd(3, '0'));
  const startMs = startOf(parts, ms, match[8]);
  if (startMs === undefined) return { problem: `"${text}" is not a time that exists`, hint };
  const endMs = hour === undefined ? startOf(nextDay(parts), 0, undefined) : undefined;
  const lengthMs = second === undefined ? 60_000 : milli === undefined ? 1000 : 1;
  return {
    from: new Date(startMs).toISOString(),
    to: new Date((endMs ?? startMs + lengthMs) - 1).toISOString(),
  };
}

function nextDay([year = 0, month = 0, day = 0]: readonly number[]): number[] {
  const next = new Date(Date.UTC(year, month - 1, day + 1));
  return [next.getUTCFullYear(), next.getUTCMonth() + 1, next.getUTCDate(), 0, 0, 0];
}

function startOf(
  parts: readonly number[],
  ms: number,
  zone: string | undefined,
): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const utcMs = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  const seen = new Date(utcMs);
  const exists =
    seen.getUTCMonth() === month - 1 &&
    seen.getUTCDate() === day &&
    seen.getUTCHours() === hour &&
    seen.getUTCMinutes() === minute &&
    seen.getUTCSeconds() === second;
  if (!exists) return undefined;
  if (zone === undefined) return new Date(year, month - 1, day, hour, minute, second, ms).getTime();
  return utcMs - offsetMs(zone);
}

function offsetMs(zone: string): number {
  if (/^z$/i.test(zone)) return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  const digits = zone.replaceAll(/\D/g, '');
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
}
