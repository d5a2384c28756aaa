import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha1Hex } from '../../src/model/sha1.ts';

describe('sha1', () => {
  it('is the digest that the system computes, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(sha1Hex(bytes)).toBe(createHash('sha1').update(bytes).digest('hex'));
      }),
    );
  });

  it('is right where the padding needs a block of its own', () => {
    for (const length of [55, 56, 63, 64, 119, 120]) {
      const bytes = new Uint8Array(length).fill(97);
      expect(sha1Hex(bytes)).toBe(createHash('sha1').update(bytes).digest('hex'));
    }
  });
});
