import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  compileRegex,
  compileReplacement,
  escapeRegex,
  type RegexOptions,
  substitute,
} from '../../src/model/python-regex.ts';

interface Case {
  readonly pattern: string;
  readonly replace: string;
  readonly text: string;
  readonly flags?: string;
  readonly how?: 'search' | 'match' | 'fullmatch';
}

const cases: readonly Case[] = [
  { pattern: 'a(b)(?P<n>c)', replace: '\\g<n>\\1\\g<0>', text: 'xabcx' },
  { pattern: '^x', replace: 'y', text: 'x\nx\r\nx' },
  { pattern: '^x', replace: 'y', text: 'x\nx\rx\u2028x', flags: 'm' },
  { pattern: 'x$', replace: 'y', text: 'x\nx\n' },
  { pattern: 'x$', replace: 'y', text: 'x\nx\rx\n', flags: 'm' },
  { pattern: 'x\\Z', replace: 'y', text: 'x\nx' },
  { pattern: '\\Ax', replace: 'y', text: 'x\nx', flags: 'm' },
  { pattern: '.', replace: '-', text: 'a\r\n\u2028b' },
  { pattern: 'a.b', replace: '-', text: 'a\nb a.b', flags: 's' },
  { pattern: '(?i)hello', replace: 'x', text: 'Hello HELLO' },
  { pattern: '(?s)a.*b', replace: '-', text: 'a\n\nb' },
  { pattern: '(?i:h)ello', replace: 'x', text: 'Hello HELLO hello' },
  { pattern: '(?-i:h)ello', replace: 'x', text: 'Hello hELLO', flags: 'i' },
  { pattern: '[]a]+', replace: '-', text: 'x]a]x' },
  { pattern: '[^]a]+', replace: '-', text: 'x]a]x' },
  { pattern: '[[a&&b-]+', replace: '_', text: '[a&-b]c' },
  { pattern: '[\\w.-]+@[\\w-]+', replace: 'M', text: 'é.x-y@ho-st, b' },
  { pattern: '\\bé\\w*\\b', replace: 'X', text: 'été et cafés éa' },
  { pattern: '\\W+', replace: '_', text: 'aé!  ß-中文。x' },
  { pattern: '[\\W\\d]+', replace: '_', text: 'a1é!  ß-中文。x' },
  { pattern: '\\s', replace: '_', text: 'a\u00a0b\ufeffc\x1cd\te' },
  { pattern: '\\S+', replace: '_', text: 'a\u00a0b\ufeffc\x1cd\te' },
  { pattern: '\\d+', replace: 'N', text: '12 ٣٤ x' },
  { pattern: '\\w+', replace: 'W', text: 'aé b', flags: 'a' },
  { pattern: 'x*', replace: '-', text: 'abxd' },
  { pattern: 'a{,2}', replace: '<\\g<0>>', text: 'aaaa' },
  { pattern: 'a{2,}?', replace: '-', text: 'aaaaa' },
  { pattern: 'a{x}|{}', replace: '-', text: 'a{x} {}' },
  { pattern: '(?P<q>[\'"]).*?(?P=q)', replace: 'Q', text: `say 'a"b' "c"` },
  { pattern: '(a)\\1', replace: '<\\1>', text: 'aab' },
  { pattern: '(?# note )b', replace: 'c', text: 'ab' },
  { pattern: ' a  b # note\n c', replace: '-', text: 'abc a  b', flags: 'x' },
  { pattern: '\\x41\\102\\u0043', replace: '-', text: 'ABC' },
  { pattern: '(?<=a)b(?!c)', replace: '-', text: 'abc abd' },
  {
    pattern: '^#?\\s*PermitRootLogin\\b.*$',
    replace: 'PermitRootLogin no',
    text: '#PermitRootLogin yes\n',
  },
  { pattern: 'a', replace: '\\n\\t\\\\', text: 'bab' },
  { pattern: 'b', replace: 'y', text: 'abc', how: 'match' },
  { pattern: 'a|ab', replace: 'y', text: 'ab', how: 'fullmatch' },
  { pattern: '\\-\\/\\~\\"\\ ', replace: 'x', text: '-/~" ' },
  { pattern: '[\\b\\-\\]\\\\]', replace: '_', text: 'a\b-]\\' },
  { pattern: '(\\d{1,3}\\.){3}\\d{1,3}', replace: 'IP', text: 'at 10.0.0.1!' },
  { pattern: '(?m)^(#\\s?)(deb-src .*)$', replace: '\\2', text: '# deb-src a\n#deb-src b\n' },
  { pattern: '\u{1f600}', replace: ':)', text: 'a\u{1f600}b' },
  { pattern: '[\u{1f600}-\u{1f64f}]', replace: '.', text: 'a\u{1f610}b' },
];

function ours({ pattern, replace, text, flags, how }: Case): string | null {
  const options: RegexOptions = { ...(flags && { flags }), ...(how && { how }) };
  const read = compileRegex(pattern, options);
  if ('problem' in read) return `problem: ${read.problem}`;
  if (how) return read.regex.exec(text)?.[0] ?? null;
  const to = compileReplacement(replace, read);
  if ('problem' in to) return `problem: ${to.problem}`;
  return substitute(read, to.expand, text).text;
}

const python = `
import json, re, sys
out = []
for c in json.load(sys.stdin):
    f = 0
    for letter in c.get('flags', ''):
        f |= getattr(re, letter.upper())
    r = re.compile(c['pattern'], f)
    if 'how' in c:
        m = getattr(r, c['how'])(c['text'])
        out.append(m and m.group(0))
    else:
        out.append(r.sub(c['replace'], c['text']))
print(json.dumps(out))
`;

describe('patterns of Python', () => {
  it('match and replace as Python does', () => {
    const answer = execFileSync('python3', ['-c', python], { input: JSON.stringify(cases) });
    const theirs = JSON.parse(answer.toString()) as (string | null)[];
    for (const [index, each] of cases.entries())
      expect({ ...each, got: ours(each) }).toEqual({ ...each, got: theirs[index] });
    expect(theirs.length).toBe(cases.length);
  });

  it('see bytes one by one where text is bytes', () => {
    const read = compileRegex('caf..?$', { bytes: true });
    const text = Buffer.from('café').toString('latin1');
    expect('regex' in read && read.regex.test(text)).toBe(true);
    const words = compileRegex('^\\S+$', { bytes: true });
    expect('regex' in words && words.regex.test('\u00a0')).toBe(true);
  });

  it('are refused with a reason where they are wrong or have no counterpart', () => {
    for (const pattern of [
      '(a',
      'a)',
      '[a',
      '(?>a)',
      'a*+',
      '(?(1)a|b)',
      'a(?i)b',
      '\\q',
      '*a',
      '\\2(a)',
      '(?P<1>a)',
      '[z-a]',
      'a\\',
    ])
      expect({ pattern, ...compileRegex(pattern) }).toHaveProperty('problem');
  });

  it('refuse replacements that name no group or no escape', () => {
    const read = compileRegex('(a)');
    if ('problem' in read) throw new Error(read.problem);
    for (const text of ['\\2', '\\g<nope>', '\\q', 'x\\'])
      expect({ text, ...compileReplacement(text, read) }).toHaveProperty('problem');
  });

  it('match just the text that was escaped', () => {
    const text = 'a.b*c[d]{e}(f)^$|\\ +?-#&~';
    const read = compileRegex(escapeRegex(text), { how: 'fullmatch' });
    expect('regex' in read && read.regex.test(text)).toBe(true);
  });
});
