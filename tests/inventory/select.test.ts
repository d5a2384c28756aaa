import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectHosts } from '../../src/inventory/select.ts';
import { foldNames } from '../../src/model/host-names.ts';
import { LabError } from '../../src/model/lab-error.ts';
import { makeFile, resolveTexts } from './load-raw.ts';

const { inventory } = resolveTexts(
  makeFile(`all:
  children:
    lab_a: {hosts: {"a[01:12]": }}
    lab_b: {hosts: {"b[1:5]": }}
    linux: {hosts: {a01: , a02: , b1: }}
    building: {children: {lab_a: , lab_b: }}
    b: {hosts: {b5: , srv: }}
    empty: {}
  hosts: {loner: , "fe80::1": , "2001:db8::2": , 机房-1: , "a,b": }
`),
);

function names(pattern: string, readFile?: (path: string) => string): string {
  const hosts = selectHosts(inventory, pattern, readFile ? { readFile } : {});
  return foldNames(hosts.map(({ name }) => name));
}

/** The message and hint of a pattern that is refused. */
function refusal(pattern: string, readFile?: (path: string) => string): string {
  try {
    return `selected ${names(pattern, readFile)}`;
  } catch (error) {
    if (!(error instanceof LabError) || error.kind !== 'usage') throw error;
    return `${error.message} | ${error.hint}`;
  }
}

describe('selectHosts', () => {
  it('joins with commas, colons and blanks, keeps with & and takes away with !, in any order written', () => {
    expect(names('a01,b1')).toBe('a01,b1');
    expect(names('b1:a01')).toBe('b1,a01');
    expect(names('a01 a02')).toBe('a[01-02]');
    expect(names('lab_a:&linux')).toBe('a[01-02]');
    expect(names('!a01:&linux,lab_a')).toBe('a02');
    expect(names('&linux:!b1')).toBe('a[01-02]');
    expect(names('building:!lab_a')).toBe('b[1-5]');
    expect(names('a03,lab_a:!a[01-02,04-12]')).toBe('a03');
  });

  it('matches wildcards against groups and hosts, but never the group all', () => {
    expect(names('a0?')).toBe('a[01-09]');
    expect(names('*1')).toBe('fe80::1,机房-1,a[01,11],b1');
    expect(names('lab_*')).toBe('a[01-12],b[1-5]');
    expect(names('a*')).toBe('a,b,a[01-12]');
    expect(names('b[!12]')).toBe('b[3-5]');
    expect(new Set(selectHosts(inventory, '*'))).toEqual(new Set(inventory.hosts));
  });

  it('matches regular expressions from the first character, not to the last', () => {
    expect(names('~a0[1-3]')).toBe('a[01-03]');
    expect(names('~a(01|1[0-2]):!a11')).toBe('a[01,10,12]');
    expect(names('~(?i)LAB_B')).toBe('b[1-5]');
    expect(names('~.*_a$')).toBe('a[01-12]');
    expect(names('~a\\d{1,2}$,b1')).toBe('a[01-12],b1');
  });

  it('counts the hosts of a group from 0 with both ends included, and the last with -1', () => {
    expect(names('lab_a[0]')).toBe('a01');
    expect(names('lab_a[-1]')).toBe('a12');
    expect(names('lab_a[1:3]')).toBe('a[02-04]');
    expect(names('lab_a[10:]')).toBe('a[11-12]');
    expect(names('building[11:12]')).toBe('a12,b1');
    expect(names('lab_*[0:1]')).toBe('a[01-02]');
    expect(names('lab_a[9:99]')).toBe('a[10-12]');
  });

  it('takes ranges of host names in both spellings, where all of them exist', () => {
    expect(names('a[01:03]')).toBe('a[01-03]');
    expect(names('a[01-03,07],srv')).toBe('a[01-03,07],srv');
    expect(refusal('a[01-14]')).toBe(
      '"a[01-14]" names hosts that do not exist: a[13-14] | write the range without them',
    );
    expect(refusal('a[1-3]')).toMatch(/^"a\[1-3\]" matches no host/);
  });

  it('refuses what could be both a range of names and places in a group', () => {
    expect(refusal('b[1:3]')).toMatch(
      /^"b\[1:3\]" could be hosts named so, or hosts of the group "b"/,
    );
    expect(refusal('b[1:3]')).toContain('write b[1-3]');
    expect(names('b[1-3]')).toBe('b[1-3]');
    expect(names('b[0]')).toBe('b5');
  });

  it('takes names as they stand, colons and commas included', () => {
    expect(names('fe80::1,2001:db8::2')).toBe('fe80::1,2001:db8::2');
    expect(names('a,b')).toBe('a,b');
    expect(names('机房-1:loner')).toBe('机房-1,loner');
  });

  it('refuses the whole pattern for every part that matches nothing, and names them all', () => {
    expect(refusal('lab_a:nosuch:!b9')).toBe(
      '"nosuch" is no host and no group; "b9" is no host and no group | did you mean b?',
    );
    expect(refusal('LAB_A')).toBe('"LAB_A" is no host and no group | did you mean lab_a?');
    expect(refusal('lab_a:!zzz*')).toContain('"zzz*" matches no host');
    expect(refusal('lab_a[12]')).toContain('there are 12 hosts, counted from 0');
    expect(refusal('lab_a:&lab_b')).toContain('leaves no host');
    expect(refusal('empty')).toContain('the group "empty" has no hosts');
    expect(names('lab_b:!empty')).toBe('b[1-5]');
    expect(refusal('')).toContain('an empty part');
    expect(refusal('a01,,a02')).toContain('an empty part');
    expect(refusal('a01:')).toContain('an empty part');
    expect(refusal('!')).toContain('nothing behind "!"');
  });

  it('reads names from files, one pattern a line, with comments', () => {
    const files: { [path: string]: string } = {
      '/tmp/retry': 'a01\r\n\n# a comment\nb1:b2\n!b2\n',
      names: 'a01\na02\n',
      empty: '# nothing\n',
      nested: '@names\n',
    };
    const readFile = (path: string) => {
      const text = files[path];
      if (text === undefined) throw new Error('no such file');
      return text;
    };
    expect(names('@/tmp/retry', readFile)).toBe('a01,b1');
    expect(names('lab_a:!@names', readFile)).toBe('a[03-12]');
    expect(names('lab_a:&@names', readFile)).toBe('a[01-02]');
    expect(refusal('@missing', readFile)).toContain('"@missing" cannot be read: no such file');
    expect(refusal('@empty', readFile)).toContain('names no host');
    expect(refusal('@nested', readFile)).toContain('more than names');
    expect(refusal('!@/tmp/retry', readFile)).toContain('more than names');
    expect(refusal('@names')).toContain('cannot be read');
  });

  it('refuses regular expressions whose time could explode', () => {
    for (const bad of [
      '(a+)+',
      '(a*)*b',
      '(a|a)*b',
      '(a|b){9,}',
      'a*a*a*a*b',
      '(x+x+)+y',
      '(.)\\1',
      '(?=a)',
      'x'.repeat(300),
      '(',
      '',
    ])
      expect(refusal(`~${bad}`)).toMatch(/^"~/);
  });

  it('accepts whatever foldNames prints, for the same hosts', () => {
    fc.assert(
      fc.property(
        fc.subarray(
          [...inventory.hosts].filter(({ name }) => name !== 'a,b'),
          { minLength: 1 },
        ),
        (hosts) => {
          const folded = foldNames(hosts.map(({ name }) => name));
          expect(new Set(selectHosts(inventory, folded))).toEqual(new Set(hosts));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('answers any text with hosts or a usage error, never by another throw', () => {
    const signs = fc.string({
      unit: fc.constantFrom(...'ab01*?[]!&~:,-@()|+{}\\ ^$.'),
      maxLength: 25,
    });
    const bytes = fc.string({ unit: 'binary', maxLength: 30 });
    fc.assert(
      fc.property(fc.oneof(signs, bytes), (pattern) => {
        expect(refusal(pattern)).toMatch(/./);
      }),
      { numRuns: 5000 },
    );
  });
});
