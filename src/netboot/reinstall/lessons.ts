import type { Value } from '../../model/value.ts';

/** A weekly window in which a room is in use; days count from 0 (Sunday), times are minutes since midnight, `to` is not part of it. */
export interface Lesson {
  readonly day: number;
  readonly from: number;
  readonly to: number;
  /** As it was written, for people. */
  readonly text: string;
}

/** A moment on the wall clock of the controller. */
export interface WallTime {
  /** 0 is Sunday, as in `Date.getDay`. */
  readonly day: number;
  /** Minutes since midnight. */
  readonly minutes: number;
}

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const dayMinutes = 24 * 60;
const weekMinutes = 7 * dayMinutes;

/** Reads `room.lessons`: a text or a list of texts such as `mon 08:00-11:40` or `mon-fri 08:00-11:40`. `unreadable` holds what could not be understood, which must count as "may be in use". */
export function parseLessons(value: Value): {
  readonly lessons: readonly Lesson[];
  readonly unreadable: readonly string[];
} {
  const items = value === null || value === '' ? [] : Array.isArray(value) ? value : [value];
  const lessons: Lesson[] = [];
  const unreadable: string[] = [];
  for (const item of items) {
    const found = typeof item === 'string' ? parseLesson(item) : undefined;
    if (found) lessons.push(...found);
    else unreadable.push(typeof item === 'string' ? item : JSON.stringify(item));
  }
  return { lessons, unreadable };
}

function parseLesson(text: string): Lesson[] | undefined {
  const form = /^([a-z]{3})[a-z]*(?:-([a-z]{3})[a-z]*)? +(\d\d?):(\d\d)-(\d\d?):(\d\d)$/;
  const [, first, last = first, ...times] = form.exec(text.trim().toLowerCase()) ?? [];
  const [begin, end] = [days.indexOf(first ?? ''), days.indexOf(last ?? '')];
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = times.map(Number);
  const [from, to] = [fromHour * 60 + fromMinute, toHour * 60 + toMinute];
  const isTime = fromMinute < 60 && toMinute < 60 && from < to && to <= dayMinutes;
  if (begin < 0 || end < 0 || !isTime) return undefined;
  const count = ((end - begin + 7) % 7) + 1;
  return Array.from({ length: count }, (_, index) => ({
    ...{ day: (begin + index) % 7, from, to, text: text.trim() },
  }));
}

/** The first lesson that the next `minutes` minutes would disturb: one that is going on, or that begins before they are over. */
export function findLesson(
  lessons: readonly Lesson[],
  at: WallTime,
  minutes: number,
): Lesson | undefined {
  const now = at.day * dayMinutes + at.minutes;
  const waits = lessons.map((lesson) => {
    const begin = lesson.day * dayMinutes + lesson.from;
    const since = (((now - begin) % weekMinutes) + weekMinutes) % weekMinutes;
    const isOn = since < lesson.to - lesson.from;
    return { lesson, wait: isOn ? 0 : weekMinutes - since };
  });
  const [next] = waits.filter(({ wait }) => wait < minutes).sort((a, b) => a.wait - b.wait);
  return next?.lesson;
}
