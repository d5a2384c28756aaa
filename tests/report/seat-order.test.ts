import { expect, test } from 'vitest';
import { sortBySeat } from '../../src/report/seat-order.ts';

test('walks room by room and seat by seat; numbers count as numbers, hosts without a room or a seat come last', () => {
  const hosts = [
    { host: 'srv', room: '', seat: '' },
    { host: 'b2', room: 'b', seat: 'B2' },
    { host: 'a10', room: 'a', seat: 'A10' },
    { host: 'a2', room: 'a', seat: 'A2' },
    { host: 'a-spare', room: 'a', seat: '' },
    { host: 'b1', room: 'b', seat: 'B1' },
  ];
  expect(sortBySeat(hosts).map(({ host }) => host)).toEqual([
    'b1',
    'b2',
    'a2',
    'a10',
    'a-spare',
    'srv',
  ]);
});
