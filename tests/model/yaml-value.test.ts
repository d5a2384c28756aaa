import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeSource } from '../../src/model/located.ts';
import { keyOf, typePlain, typeValue } from '../../src/model/yaml-value.ts';
import { parseYaml } from '../../src/store/yaml.ts';

const script = `
import datetime, json, sys, yaml
def typed(text):
    try:
        value = yaml.safe_load(text)
        json.dumps(value, default=lambda other: other.isoformat())
        return value
    except Exception:
        return text
print(json.dumps([typed(text) for text in json.load(sys.stdin)], default=lambda other: other.isoformat()))
`;
const python = ['/usr/bin/python3', 'python3'].find(
  (path) => spawnSync(path, ['-c', 'import yaml']).status === 0,
);
if (!python && process.env['CI'] === 'true') throw new Error('python3-yaml is missing');
if (!python)
  console.warn('SKIPPED: python3-yaml is missing, scalars were not compared with PyYAML');

/** What PyYAML makes of plain scalars; what it cannot read at all stays the text. */
function typeWithPython(texts: readonly string[]): unknown[] {
  const run = spawnSync(python ?? '', ['-c', script], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
  });
  return JSON.parse(run.stdout);
}

describe.skipIf(!python)('typePlain beside PyYAML', () => {
  it('types numbers, dates, words and what looks like them in the same way', () => {
    const digits = fc.stringMatching(/^[-+]?[0-9][0-9_:.eExabT-]{0,9}$/);
    const words = fc.constantFrom(
      ...'yes No ON off y n True tRUE null ~ NULL Null none .inf 0b1_0 0x_F 0b_ 0_ 09 1e3 1.0e+3 2024-02-30 2024-9-1 24:00 1:60 = 0o7'.split(
        ' ',
      ),
    );
    const dates = fc
      .tuple(
        fc.integer({ min: 0, max: 14 }),
        fc.integer({ min: 0, max: 33 }),
        fc.constantFrom('', 'T1:02:03', ' 01:02:03.5 +8', 't23:59:59.123456789Z', ' 24:00:00'),
      )
      .map(
        ([month, day, time]) =>
          `2024-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}${time}`,
      );
    const texts = fc
      .sample(fc.oneof(digits, words, dates), { numRuns: 4000, seed: 20240901 })
      .filter((text) => !/: |:$|^-$|^- |^\+?\.inf$|^=$/.test(text));
    const theirs = typeWithPython(texts);
    const ours = texts.map((text) => typePlain(text));
    const differing = texts.filter(
      (_, at) => JSON.stringify(ours[at]) !== JSON.stringify(theirs[at]),
    );
    expect(differing).toEqual([]);
    expect(texts.length).toBeGreaterThan(3500);
  });
});

describe('typeValue', () => {
  const typed = (text: string) => {
    const { root } = parseYaml(text, 'f.yaml');
    return root ? JSON.parse(JSON.stringify(typeValue(root))) : undefined;
  };

  it('keeps quoted scalars as texts and types plain ones', () => {
    expect(typed('a: "0123"\nb: 0123\nc: 52:54:00:44:49:56\nd: 12345678e901\ne: no')).toEqual({
      a: '0123',
      b: 83,
      c: 41135201396,
      d: '12345678e901',
      e: false,
    });
  });

  it('shows vaulted and unsafe values as ansible-inventory does', () => {
    expect(typed('a: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  00\nb: !unsafe "{{ x }}"')).toEqual({
      a: { __ansible_vault: '$ANSIBLE_VAULT;1.1;AES256\n00\n' },
      b: { __ansible_unsafe: '{{ x }}' },
    });
  });

  it('follows the core tags, and keeps the text where a tag does not fit', () => {
    expect(
      typed(
        'a: !!str 12\nb: !!int "0x10"\nc: !!bool "off"\nd: !!float "1"\ne: !!int x\nf: !!null ""',
      ),
    ).toEqual({
      a: '12',
      b: 16,
      c: false,
      d: 1,
      e: 'x',
      f: null,
    });
  });

  it('takes __proto__ for a key like any other', () => {
    const { root } = parseYaml('__proto__: {polluted: true}', 'f.yaml');
    const value = root && typeValue(root);
    expect(Object.keys(value ?? {})).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('reads numbers by the rules of JSON where the file is JSON', () => {
    const { root } = parseYaml('[1e5, 0.5, "01", true, null]', 'f.json');
    expect(root && typeValue(root, 'json')).toEqual([100000, 0.5, '01', true, null]);
  });

  it('names keys as JSON prints them', () => {
    const key = (text: string, plain: boolean) =>
      keyOf({
        kind: 'scalar',
        text,
        plain,
        source: makeSource('f', text),
        start: 0,
        end: text.length,
      });
    expect([key('80', true), key('yes', true), key('yes', false), key('~', true)]).toEqual([
      '80',
      'true',
      'yes',
      'null',
    ]);
  });
});
