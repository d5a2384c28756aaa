import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandNames, foldNames } from '../../src/model/host-names.ts';

const name = fc
  .tuple(
    fc.constantFrom('pc', 'r1-pc', '学生机', 'a', '', 'x_'),
    fc.oneof(
      fc.nat(30).map(String),
      fc.nat(120).map((number) => String(number).padStart(3, '0')),
      fc.nat(12).map((number) => String(number).padStart(2, '0')),
      fc.constant(''),
    ),
    fc.constantFrom('', '', '.lab', '.lab1.example.org', 'b'),
  )
  .map((parts) => parts.join(''))
  .filter((text) => text !== '' && !text.startsWith('.'));

/** Splits a folded text at the commas outside of brackets and expands each part. */
function expand(folded: string): string[] {
  const parts = folded.match(/(?:[^,[\]]|\[[^\]]*\])+/g) ?? [];
  return parts.flatMap((part) => {
    const expanded = expandNames(part);
    if (!expanded) return [part];
    if ('problem' in expanded) throw new Error(expanded.problem);
    return expanded.names;
  });
}

describe('foldNames', () => {
  it('folds neighbours, keeps leading zeros and leaves single hosts alone', () => {
    expect(foldNames(['pc01', 'pc02', 'pc03', 'pc07', 'srv1'])).toBe('pc[01-03,07],srv1');
    expect(foldNames(['pc8', 'pc9', 'pc10'])).toBe('pc[8-10]');
    expect(foldNames(['pc98', 'pc099', 'pc100'])).toBe('pc[98,099-100]');
    expect(foldNames(['a', 'b'])).toBe('a,b');
    expect(foldNames([])).toBe('');
  });

  it('folds the last number of the first label, and the last one of an address', () => {
    expect(foldNames(['r1-pc01.lab1.cn', 'r1-pc02.lab1.cn'])).toBe('r1-pc[01-02].lab1.cn');
    expect(foldNames(['10.0.0.1', '10.0.0.2'])).toBe('10.0.0.[1-2]');
  });

  it('leaves names whole that have signs of their own meaning', () => {
    expect(foldNames(['fe80::1', 'fe80::2', 'a b1', 'a b2'])).toBe('fe80::1,fe80::2,a b1,a b2');
  });

  it('expands to the same set of names, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(name, { maxLength: 30 }), (names) => {
        expect(new Set(expand(foldNames(names)))).toEqual(new Set(names));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('expandNames', () => {
  it('counts out colons, dashes, lists, letters and several ranges', () => {
    const expanded = (text: string) => {
      const found = expandNames(text);
      return found && 'names' in found ? found.names.join(' ') : found;
    };
    expect(expanded('pc[01:03]')).toBe('pc01 pc02 pc03');
    expect(expanded('pc[8-10,7]x')).toBe('pc8x pc9x pc10x pc7x');
    expect(expanded('r[a-b]-[1:2]')).toBe('ra-1 ra-2 rb-1 rb-2');
    expect(expanded('plain')).toBeUndefined();
  });

  it('says what is wrong with a range, and never counts to millions', () => {
    for (const text of [
      'pc[2-1]',
      'pc[01-100]',
      'pc[a-3]',
      'pc[]',
      'pc[1-999999999]',
      'a[1-9999]b[1-9999]',
    ])
      expect(expandNames(text)).toHaveProperty('problem');
  });
});
