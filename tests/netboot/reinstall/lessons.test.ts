import { describe, expect, it } from 'vitest';
import { findLesson, parseLessons } from '../../../src/netboot/reinstall/lessons.ts';

const monday = (clock: string) => {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return { day: 1, minutes: hours * 60 + minutes };
};
const { lessons } = parseLessons(['mon 08:00-11:40', 'Wed 13:30-16:00']);

describe('lesson windows', () => {
  it.each([
    ['in the middle of a lesson', '09:00', 5, 'mon 08:00-11:40'],
    ['in its first minute', '08:00', 5, 'mon 08:00-11:40'],
    ['when it would begin before the work is done', '07:56', 5, 'mon 08:00-11:40'],
    ['when the work is done as it begins', '07:55', 5, undefined],
    ['when it has just ended', '11:40', 5, undefined],
  ])('finds what would be disturbed %s', (_, clock, minutes, found) => {
    expect(findLesson(lessons, monday(clock), minutes)?.text).toBe(found);
  });

  it('looks over the end of the week', () => {
    const saturdayNight = { day: 6, minutes: 23 * 60 + 50 };
    const { lessons: early } = parseLessons('sun 00:05-01:00');
    expect(findLesson(early, saturdayNight, 10)).toBeUndefined();
    expect(findLesson(early, saturdayNight, 16)?.text).toBe('sun 00:05-01:00');
  });

  it('reads several days in one text', () => {
    const { lessons: week } = parseLessons('mon-fri 08:00-09:00');
    expect(week.map(({ day }) => day)).toEqual([1, 2, 3, 4, 5]);
    expect(parseLessons('fri-mon 08:00-09:00').lessons.map(({ day }) => day)).toEqual([5, 6, 0, 1]);
  });

  it.each(['always', 'mon 8-9', 'mon 11:00-10:00', 'mon 23:00-24:30', 'mun 08:00-09:00', 7])(
    'does not guess what %j means',
    (text) => {
      expect(parseLessons([text])).toEqual({ lessons: [], unreadable: [String(text)] });
    },
  );

  it('takes a room without lessons as free', () => {
    expect(parseLessons(null)).toEqual({ lessons: [], unreadable: [] });
  });
});
