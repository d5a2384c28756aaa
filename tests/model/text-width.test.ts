import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { printable } from '../../src/model/display.ts';
import { textWidth } from '../../src/model/text-width.ts';

const isSurrogate = (code: number) => code >= 0xd800 && code <= 0xdfff;

/** Sequences of emoji that people send (UTS #51): flags, keycaps, skin tones, families. */
const emoji = [
  '🇨🇳',
  '🇨',
  '1️⃣',
  '#️⃣',
  '☝🏻',
  '👩🏽‍💻',
  '👨‍👩‍👧‍👦',
  '❤️‍🔥',
  '🏴‍☠️',
  '⌚',
  '⌚︎',
  '❤',
  '❤️',
  '🏽',
  '👩🏽🏽',
  '🏳️‍🌈',
];

describe('the width of a text agrees with the string-width package', () => {
  test('for every single character', () => {
    const wrong: string[] = [];
    for (let code = 0x20; code < 0x110000; code++) {
      if (isSurrogate(code)) continue;
      const text = String.fromCodePoint(code);
      if (textWidth(text) !== stringWidth(text)) wrong.push(code.toString(16));
    }
    expect(wrong).toEqual([]);
  });
  test.each([
    ...emoji,
    '王芳 01',
    'が',
    'か\u3099',
    'ｶﾞ',
    'Łódź',
    'e\u0301',
    'ก็',
    'กำ',
    'नि',
    'क्ष',
    '각',
    'ᄀ',
    '\u060012',
    '…─│',
  ])('for %s', (text) => {
    expect(textWidth(text)).toBe(stringWidth(text));
    expect(textWidth(`${text}a${text}`)).toBe(stringWidth(`${text}a${text}`));
  });
  test('for texts put together from characters, marks and emoji, as they are printed', () => {
    const part = fc.oneof(
      fc.constantFrom(...emoji),
      fc.constantFrom(
        'a',
        '王',
        '，',
        'か',
        '\u3099',
        '각',
        '\u0301',
        '\ufe0f',
        '\u200d',
        '🏽',
        '👩',
        '7',
      ),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const text = printable(parts.join(''));
        expect(textWidth(text)).toBe(stringWidth(text));
      }),
      { numRuns: 5_000 },
    );
  });
  test('for coloured texts', () => {
    const text = '\x1b[1;31m机房\x1b[0m a';
    expect(textWidth(text)).toBe(6);
    expect(stringWidth(text)).toBe(6);
  });
});
