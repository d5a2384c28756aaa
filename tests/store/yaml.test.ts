import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryOf, type Located, positionOf } from '../../src/model/located.ts';
import { typeValue } from '../../src/model/yaml-value.ts';
import { maxYamlLength, parseYaml } from '../../src/store/yaml.ts';

function value(text: string): unknown {
  const { root, problems } = parseYaml(text, 'f.yaml');
  expect(problems).toEqual([]);
  return root && JSON.parse(JSON.stringify(typeValue(root)));
}

function faults(text: string): string[] {
  return parseYaml(text, 'f.yaml').problems.map(
    ({ rule, line, column }) => `${rule} ${line}:${column}`,
  );
}

function at(root: Located | undefined, ...path: readonly string[]): Located | undefined {
  return path.reduce<Located | undefined>((node, key) => entryOf(node, key)?.value, root);
}

describe('parseYaml', () => {
  it('tells of a tab in the indentation once, whatever the rest of the line looks like', () => {
    const { problems } = parseYaml('- a:\n    - b: c\n\t  command: echo hi\n', 'f.yaml');
    expect(problems).toMatchObject([
      {
        line: 3,
        column: 1,
        message: 'a tab in the indentation',
        hint: expect.stringMatching('spaces'),
      },
    ]);
  });

  it('keeps what was typed of each scalar, with its place', () => {
    const text = 'a:\n  b: 0123 # note\n  c: "5\\u0032"\n  d:\n';
    const { root } = parseYaml(text, 'f.yaml');
    const b = at(root, 'a', 'b');
    expect(b).toMatchObject({ kind: 'scalar', text: '0123', plain: true, start: 8, end: 12 });
    expect(b && positionOf(b)).toEqual({ file: 'f.yaml', line: 2, column: 6 });
    expect(at(root, 'a', 'c')).toMatchObject({ text: '52', plain: false });
    expect(text.slice(0, at(root, 'a', 'd')?.start).endsWith('d:')).toBe(true);
  });

  it('reads block texts, several-line scalars, tags and explicit keys through the full reader', () => {
    expect(
      value('a: |\n  one\n  two\nb: >-\n  x\n  y\nc: one\n  two\n? d\n: 1\ne: !!str 2'),
    ).toEqual({
      a: 'one\ntwo\n',
      b: 'x y',
      c: 'one two',
      d: 1,
      e: '2',
    });
  });

  it('finds nothing in an empty text, and null in a document of nothing but marks', () => {
    for (const text of ['', '# only a comment\n', '\ufeff', '   \n\n']) {
      const { root, problems } = parseYaml(text, 'f.yaml');
      expect([root === undefined || typeValue(root), problems]).toEqual([
        root === undefined || null,
        [],
      ]);
    }
  });

  it('reads the same with BOM and CRLF as without, at places shifted by what was added', () => {
    const text = 'a:\n- 1\n- {b: 2}\nc: |\n  x\n  y\n';
    const windows = `\ufeff${text.replaceAll('\n', '\r\n')}`;
    expect(value(windows)).toEqual(value(text));
    const { root } = parseYaml(windows, 'f.yaml');
    const c = at(root, 'c');
    expect(c && positionOf(c)).toMatchObject({ line: 4, column: 4 });
  });

  it('points an alias at its own place, and its inside at the anchor', () => {
    const { root } = parseYaml('a: &x {k: 1}\nb: *x\n', 'f.yaml');
    const b = at(root, 'b');
    const k = at(root, 'b', 'k');
    expect(b && positionOf(b)).toMatchObject({ line: 2, column: 4 });
    expect(k && positionOf(k)).toMatchObject({ line: 1, column: 11 });
  });

  it('merges << as PyYAML does: written keys win, and the first of several mappings', () => {
    expect(
      value(
        'a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], x: 3}\nd:\n  <<: *a\n  <<: *b\n',
      ),
    ).toMatchObject({ c: { x: 3, y: 1, z: 2 }, d: { x: 1, y: 2, z: 2 } });
  });

  it('reports duplicate keys where they stand and lets the last one win', () => {
    const { root, problems } = parseYaml('a: 1\nb: 2\na: 3\n', 'f.yaml');
    expect(problems).toMatchObject([
      { rule: 'duplicate-key', line: 3, column: 1, severity: 'error' },
    ]);
    expect(problems[0]?.message).toContain('line 1');
    expect(root && typeValue(root)).toEqual({ a: 3, b: 2 });
    expect(faults('a: {b: 1, b: 2}')).toEqual(['duplicate-key 1:11']);
  });

  it('tells every syntax error at once, each with a hint', () => {
    const { root, problems } = parseYaml('a: "x\nb: {c: 1\n\td: 2\n', 'f.yaml');
    expect(root).toBeUndefined();
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems)
      expect(problem).toMatchObject({ rule: 'yaml-syntax', hint: expect.stringMatching(/./) });
    expect(faults('a: 1\n\tb: 2\n')[0]).toMatch(/^yaml-syntax 2:/);
    expect(faults('%%%\n')).toEqual(['yaml-syntax 1:1']);
    expect(faults(']'.repeat(300_000))).toHaveLength(20);
    expect(faults('a: b: c\n')).toEqual(['yaml-syntax 1:4']);
  });

  it('refuses what cannot be meant: two documents, foreign tags, unknown aliases, lists as keys', () => {
    expect(faults('a: 1\n---\nb: 2\n')).toEqual(['several-documents 2:1']);
    expect(faults('a: !!python/object:os.system x\n')).toEqual(['yaml-tag 1:30']);
    expect(faults('a: *nobody\n')).toEqual(['yaml-alias 1:4']);
    expect(faults('a: &x [*x]\n')).toEqual(['yaml-alias 1:8']);
    expect(faults('[a, b]: c\n')).toEqual(['complex-key 1:1']);
    expect(faults('{{ x }}: c\n').length).toBeGreaterThan(0);
    expect(faults('a: {<<: text}\n')).toEqual(['yaml-merge 1:5']);
  });

  it('refuses control characters, lone surrogates and line separators that other programs read otherwise', () => {
    for (const bad of ['\0', '\x1b', '\x7f', '\x85', '\u2028', '\ud800', '\udc00', '\ufffe'])
      expect(faults(`a: x${bad}y`)).toEqual(['control-character 1:5']);
    expect(faults('a: \ufeffx')).toEqual(['control-character 1:4']);
    expect(value('a: 😀\u00a0é\t.')).toEqual({ a: '😀\u00a0é\t.' });
  });

  it('ends with an error where aliases multiply into billions', () => {
    const lines = [...'bcdefghij'].map((name, index) => {
      const before = 'abcdefghij'.charAt(index);
      return `${name}: &${name} [${Array(10).fill(`*${before}`).join(', ')}]`;
    });
    const { root, problems } = parseYaml(
      `a: &a [${Array(10).fill('x').join(', ')}]\n${lines.join('\n')}\n`,
      'f.yaml',
    );
    expect(problems.map(({ rule }) => rule)).toEqual(['alias-bomb']);
    expect(root).toBeUndefined();
  });

  it('refuses nesting beyond 64 levels in every notation, however deep, and takes 64', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    const stairs = (depth: number) =>
      Array.from({ length: depth }, (_, level) => `${' '.repeat(level)}a:`).join('\n');
    expect(faults(nested(64))).toEqual([]);
    expect(faults(stairs(64))).toEqual([]);
    for (const text of [
      nested(65),
      nested(100_000),
      '['.repeat(100_000),
      '{a: '.repeat(5000),
      '- '.repeat(5000),
      stairs(66),
      stairs(3000),
    ])
      expect(faults(text).map((fault) => fault.split(' ')[0])).toEqual(['too-deep']);
  });

  it('refuses texts beyond 16 MiB', () => {
    expect(faults(`# ${'x'.repeat(maxYamlLength)}`)).toEqual(['file-too-large 1:1']);
  });

  it('answers any text with a tree or problems, never by throwing', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 60 }),
          fc.string({
            unit: fc.constantFrom(...' \n\t:-#{}[],&*!|>\'"%@`?~<a01\\'),
            maxLength: 40,
          }),
        ),
        (text) => {
          const { root, problems } = parseYaml(text, 'f.yaml');
          for (const { line, column } of problems)
            expect(Math.min(line, column)).toBeGreaterThan(0);
          if (root) typeValue(root);
        },
      ),
      { numRuns: 5000 },
    );
  });
});
