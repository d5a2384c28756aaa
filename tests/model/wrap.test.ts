import fc from 'fast-check';
import { expect, test } from 'vitest';
import { displayWidth, printable } from '../../src/model/display.ts';
import { wrapWidth } from '../../src/model/wrap.ts';

test('breaks at spaces and after separators, and between Chinese characters', () => {
  expect(wrapWidth('the disk is full', 8)).toEqual(['the disk', 'is full']);
  expect(wrapWidth('a[01-03],b[01-09]', 10)).toEqual(['a[01-03],', 'b[01-09]']);
  expect(wrapWidth('计算机实验室一号', 8)).toEqual(['计算机实', '验室一号']);
  expect(wrapWidth('磁盘已满，请清理', 8)).toEqual(['磁盘已', '满，请清', '理']);
  expect(wrapWidth('aaaaaaaaaa', 4)).toEqual(['aaaa', 'aaaa', 'aa']);
  expect(wrapWidth('short', Number.POSITIVE_INFINITY)).toEqual(['short']);
  expect(wrapWidth('', 5)).toEqual(['']);
});

test('keeps what people copy whole where it fits a line: paths, MAC addresses, commands', () => {
  expect(wrapWidth('empty /etc/machine-id first', 20)).toEqual([
    'empty',
    '/etc/machine-id',
    'first',
  ]);
  expect(wrapWidth('eth0 02:fc:00:00:00:01 up', 20)).toEqual(['eth0', '02:fc:00:00:00:01 up']);
  expect(wrapWidth('set it: hostnamectl set-hostname a01', 26)).toEqual([
    'set it: hostnamectl',
    'set-hostname a01',
  ]);
  expect(wrapWidth('see /var/lib/long/path/to-it', 14)).toEqual([
    'see',
    '/var/lib/long/',
    'path/to-it',
  ]);
  expect(wrapWidth('磁盘/dev/sda1已满', 12)).toEqual(['磁盘', '/dev/sda1已', '满']);
});

test('no line is wider than asked, and only spaces are lost', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc
      .array(fc.constantFrom('word', ' ', '  ', '计算', '，', '👨‍👩‍👧', '-', 'x'.repeat(30)), {
        maxLength: 20,
      })
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(texts.map(printable), fc.integer({ min: 6, max: 30 }), (text, columns) => {
      const lines = wrapWidth(text, columns);
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
      expect(lines.join('').replace(/\s/gu, '')).toBe(text.replace(/\s/gu, ''));
    }),
    { numRuns: 3000 },
  );
});
