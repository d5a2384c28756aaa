import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeLength, openTextStream } from '../../src/engine/text-stream.ts';

/** Cuts bytes at the given places and decodes them piece by piece. */
function decodeInPieces(bytes: Uint8Array, cuts: readonly number[]): string {
  const stream = openTextStream();
  let text = '';
  let from = 0;
  for (const cut of [...cuts, bytes.length].sort((a, b) => a - b)) {
    text += stream.push(bytes.subarray(from, cut));
    from = Math.max(from, cut);
  }
  return text + stream.end();
}

describe('openTextStream', () => {
  it('gives the same text wherever the pieces were cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.nat(60)), (text, cuts) => {
        expect(decodeInPieces(Buffer.from(text), cuts)).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  it('goes over to GB18030 at the first bytes that are not UTF-8, wherever they were cut', () => {
    const bytes = Buffer.from('6f6b20b2e2cad4', 'hex');
    for (let cut = 0; cut <= bytes.length; cut += 1)
      expect(decodeInPieces(bytes, [cut])).toBe('ok 测试');
  });

  it('survives any bytes in any pieces', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.array(fc.nat(80)), (bytes, cuts) => {
        expect(typeof decodeInPieces(bytes, cuts)).toBe('string');
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('completeLength', () => {
  it('leaves out only a character that was cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(60), (text, at) => {
        const bytes = Buffer.from(text).subarray(0, at);
        const whole = bytes.subarray(0, completeLength(bytes)).toString();
        expect(text.startsWith(whole)).toBe(true);
        expect(bytes.length - completeLength(bytes)).toBeLessThan(4);
      }),
      { numRuns: 2_000 },
    );
  });
});
