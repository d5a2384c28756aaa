import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseKeyValue } from '../../src/playbook/key-value.ts';

/** What Ansible's own reader makes of texts; `null` where it refuses one. */
function askAnsible(texts: readonly string[], checkRaw: boolean): unknown[] {
  const program = `
import json, sys
from ansible.parsing.splitter import parse_kv
answers = []
for text in json.load(sys.stdin):
    try:
        answers.append(parse_kv(text, check_raw=${checkRaw ? 'True' : 'False'}))
    except Exception:
        answers.append(None)
json.dump(answers, sys.stdout)
`;
  const input = JSON.stringify(texts);
  const printed = execFileSync('/usr/bin/python3', ['-c', program], { input, encoding: 'utf8' });
  return JSON.parse(printed) as unknown[];
}

function read(text: string, keepsText: boolean): unknown {
  const parsed = parseKeyValue(text, keepsText);
  if (parsed === undefined) return null;
  const { pairs, rest } = parsed;
  return { ...Object.fromEntries(pairs), ...(rest !== '' && { _raw_params: rest }) };
}

const written = [
  '',
  'a=b',
  'a=b c=d',
  'a="b c" d=\'e f\'',
  "a='it''s'",
  'a=b=c',
  '=b',
  'a =b',
  'echo "a b"   c',
  'msg={{ a }} b',
  'msg="{{ a | default(\'x y\') }}" z=1',
  '{{ a }}',
  '{% if a %} b=c {% endif %}',
  '{# a b #} c=d',
  'ls -l chdir=/tmp creates=/x y=z',
  'echo a\\=b',
  'a=\\"b c',
  'a="b\\"c d"',
  'a=b\nc=d',
  'echo a \\\n  b',
  'for i in 1 2; do\n  echo $i\ndone\n',
  'a="b\nc" d',
  'x="\\n\\t\\x41\\u00e9\\101" y=\\q',
  'a="',
  '{{ a',
  'sh -c \'echo "a b"\' chdir="/a b"',
  'a="b"c',
  'a="b" "c=d"',
  'warn=no executable=/bin/bash true',
  'grüße=é 教室="a b"',
];

describe('arguments as one line of text', () => {
  it.each([true, false])('are read as Ansible reads them (command modules: %s)', (keepsText) => {
    const expected = askAnsible(written, keepsText);
    expect(written.map((text) => [text, read(text, keepsText)])).toEqual(
      written.map((text, index) => [text, expected[index]]),
    );
  });

  it('agree with Ansible on random texts of quotes, braces, spaces and equals signs', () => {
    const piece = fc.constantFrom(
      'a',
      'b=',
      '=',
      ' ',
      '  ',
      '"',
      "'",
      '{{',
      '}}',
      '\\',
      '\n',
      'chdir=',
      'x y',
    );
    const texts = fc
      .sample(fc.array(piece, { maxLength: 10 }), { numRuns: 3000, seed: 4 })
      .map((pieces) => pieces.join('').trim())
      // Ansible doubles a line end within braces, where it means nothing to Jinja2.
      .filter((text) => !/\{\{[^}]*\n/.test(text));
    const expected = askAnsible(texts, false);
    const wrong = texts
      .map((text, index) => ({ text, ours: read(text, false), theirs: expected[index] }))
      // Where Ansible gives up on a text that ours can read, nothing is lost.
      .filter(({ theirs }) => theirs !== null)
      .filter(({ ours, theirs }) => JSON.stringify(ours) !== JSON.stringify(theirs));
    expect(wrong.slice(0, 5)).toEqual([]);
  });
});
