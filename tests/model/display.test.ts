import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeText,
  displayWidth,
  fitWidth,
  padWidth,
  paint,
  printable,
  printableLines,
  splitAtWidth,
} from '../../src/model/display.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 30 })
    .map((codes) => String.fromCharCode(...codes)),
  fc
    .array(
      fc.constantFrom(
        'a',
        '\x1b[2J',
        '\u202e',
        '\u200d',
        '👩',
        '👨‍👩‍👧',
        '王',
        '\ud800',
        '\n',
        '\x9b',
        'é',
        'e\u0301',
      ),
    )
    .map((parts) => parts.join('')),
);
const obeyed =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must never come out
  /[\x00-\x1f\x7f-\x9f\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

describe('printable', () => {
  test('shows what a terminal would obey or hide as an escape', () => {
    expect(printable('\x1b[2J\x07')).toBe('\\x1b[2J\\x07');
    expect(printable('a\u202eb\u200bc')).toBe('a\\u202eb\\u200bc');
    expect(printable('one\ttwo\r\nthree')).toBe('one\\ttwo\\r\\nthree');
    expect(printable('\x7f\x85\x9b')).toBe('\\x7f\\x85\\x9b');
    expect(printable('\u2028\u2029\u061c\u2066\ufeff')).toBe('\\u2028\\u2029\\u061c\\u2066\\ufeff');
    expect(printable('half \ud83d pair \udc00')).toBe('half \\ud83d pair \\udc00');
    expect(printable('tag \u{e0041}')).toBe('tag \\u{e0041}');
    expect(printable('blank \u3164')).toBe('blank \\u3164');
  });

  test('leaves what people write: Chinese, accents, emoji families, flags, rare characters', () => {
    for (const text of [
      '计算机实验室一号',
      'Łódź é',
      '👨‍👩‍👧‍👦',
      '👩🏽‍💻',
      '❤️‍🔥',
      '🇨🇳',
      '𠮷野家',
      'ก็',
      '\ue000',
      'C:\\temp',
    ])
      expect(printable(text)).toBe(text);
  });

  test('shows a joiner that joins no emoji', () => {
    expect(printable('a\u200db')).toBe('a\\u200db');
    expect(printable('👩\u200d')).toBe('👩\\u200d');
    expect(printable('\u200d👩')).toBe('\\u200d👩');
  });

  test('never lets a control, bidi or zero-width character or half a pair through', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const shown = printable(text);
        expect(shown).not.toMatch(obeyed);
        expect(shown.isWellFormed()).toBe(true);
        expect(printable(shown)).toBe(shown);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('printableLines', () => {
  test('keeps lines, sets tabs at every eighth column and drops the last newline', () => {
    expect(printableLines('a\tb\r\n王王王\tx\n\n\x1b[0m\n')).toEqual([
      'a       b',
      '王王王  x',
      '',
      '\\x1b[0m',
    ]);
    expect(printableLines('')).toEqual([]);
  });

  test('never lets a control character through', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const line of printableLines(text)) expect(line).not.toMatch(obeyed);
      }),
    );
  });
});

describe('width', () => {
  test.each([
    ['abc', 3],
    ['王小明', 6],
    ['ａ', 2],
    ['e\u0301', 1],
    ['👨‍👩‍👧‍👦', 2],
    ['👩🏽‍💻', 2],
    ['🇨🇳', 2],
    ['한글', 4],
    ['\x1b[31mred\x1b[0m', 3],
    ['', 0],
  ])('%j takes %i columns', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });

  test('cutting marks the cut and never splits a character from its marks', () => {
    expect(fitWidth('计算机实验室', 8)).toBe('计算机…');
    expect(fitWidth('计算机实验室', 12)).toBe('计算机实验室');
    expect(fitWidth('ae\u0301b', 2)).toBe('a…');
    expect(fitWidth('👨‍👩‍👧x', 2)).toBe('…');
    expect(fitWidth('abc', 0)).toBe('');
    expect(fitWidth('abc', Number.POSITIVE_INFINITY)).toBe('abc');
  });

  test('a cut text is never wider than asked, and a padded one exactly so wide', () => {
    fc.assert(
      fc.property(anyText.map(printable), fc.integer({ min: 0, max: 20 }), (text, columns) => {
        const cut = fitWidth(text, columns);
        expect(displayWidth(cut)).toBeLessThanOrEqual(columns);
        expect(displayWidth(padWidth(cut, columns))).toBe(columns);
        expect(displayWidth(padWidth(cut, columns, 'right'))).toBe(columns);
      }),
      { numRuns: 2000 },
    );
  });

  test('splitting loses nothing', () => {
    fc.assert(
      fc.property(anyText.map(printable), fc.integer({ min: 0, max: 20 }), (text, columns) => {
        const [head, rest] = splitAtWidth(text, columns);
        expect(head + rest).toBe(text);
        expect(displayWidth(head)).toBeLessThanOrEqual(columns);
      }),
    );
  });
});

describe('decodeText', () => {
  test('reads UTF-8, then GB18030, then bytes', () => {
    expect(decodeText(new TextEncoder().encode('教师'))).toEqual({
      text: '教师',
      encoding: 'utf-8',
    });
    expect(decodeText(Uint8Array.of(0xbd, 0xcc, 0xca, 0xa6))).toEqual({
      text: '教师',
      encoding: 'gb18030',
    });
    expect(decodeText(Uint8Array.of(0x95, 0x32, 0x82, 0x36))).toEqual({
      text: '𠀀',
      encoding: 'gb18030',
    });
    expect(decodeText(Uint8Array.of(0x61, 0xff, 0x00))).toEqual({
      text: 'a\xff\0',
      encoding: 'binary',
    });
    expect(decodeText(Uint8Array.of())).toEqual({ text: '', encoding: 'utf-8' });
  });

  test('reads every sequence of bytes, and every text it wrote itself', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(decodeText(bytes).text).toBeTypeOf('string');
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!text.startsWith('\ufeff'));
        expect(decodeText(new TextEncoder().encode(text)).text).toBe(text);
      }),
    );
  });
});

test('paint wraps a text in its colour and leaves plain and empty ones alone', () => {
  expect(paint('x', 'bad')).toBe('\x1b[31mx\x1b[0m');
  expect(paint('x', 'plain')).toBe('x');
  expect(paint('', 'good')).toBe('');
});
