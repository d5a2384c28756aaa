import { describe, expect, it } from 'vitest';
import { parseMoment } from '../../src/registry/moment.ts';

function local(year: number, month: number, day: number, hour = 0, minute = 0): string {
  return new Date(year, month, day, hour, minute).toISOString();
}

describe('a moment as somebody wrote it', () => {
  it('is as exact as it was written: a day, a minute, a second, a thousandth', () => {
    expect(parseMoment('2026-03-12')).toEqual({
      from: local(2026, 2, 12),
      to: new Date(new Date(2026, 2, 13).getTime() - 1).toISOString(),
    });
    expect(parseMoment('2026-03-12 10:05')).toEqual({
      from: local(2026, 2, 12, 10, 5),
      to: new Date(new Date(2026, 2, 12, 10, 6).getTime() - 1).toISOString(),
    });
    expect(parseMoment('2026-03-12T02:05:07Z')).toEqual({
      from: '2026-03-12T02:05:07.000Z',
      to: '2026-03-12T02:05:07.999Z',
    });
    expect(parseMoment('2026-03-12T10:05:07.25+08:00')).toEqual({
      from: '2026-03-12T02:05:07.250Z',
      to: '2026-03-12T02:05:07.250Z',
    });
  });

  it('knows the last day of a year and of February', () => {
    expect(parseMoment('2024-02-29')).toMatchObject({ from: local(2024, 1, 29) });
    expect(parseMoment('2026-12-31')).toMatchObject({ from: local(2026, 11, 31) });
  });

  it.each([
    '',
    'yesterday',
    '2026-02-29',
    '2026-13-01',
    '2026-03-12 24:00',
    '2026-03-12 10:60',
    '12.3.2026',
  ])('refuses %j with a hint', (text) => {
    expect(parseMoment(text)).toMatchObject({
      problem: expect.stringContaining('not a time'),
      hint: expect.stringContaining('2026-03-12 10:05'),
    });
  });
});
