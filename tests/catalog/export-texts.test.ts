import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommentedJson } from '../../src/catalog/commented-json.ts';
import { macSpellings, spellMac } from '../../src/catalog/mac-spelling.ts';
import { quotePowershell, splitPowershell } from '../../src/catalog/powershell-words.ts';
import { isPythonValue, renderPython } from '../../src/catalog/python-text.ts';
import { renderYaml } from '../../src/catalog/yaml-text.ts';
import { readPythonLiteral } from '../../src/inventory/python-literal.ts';
import { parseMac } from '../../src/model/mac.ts';
import type { Value, Vars } from '../../src/model/value.ts';
import { typeValue } from '../../src/model/yaml-value.ts';
import { parseYaml } from '../../src/store/yaml.ts';
import { hasTool } from '../inventory/ansible-tools.ts';

/** Texts that some reader takes for something else, and any others. */
const anyText = fc.oneof(
  fc.constantFrom(
    'no',
    'Yes',
    'y',
    '~',
    'null',
    '0123',
    '1e3',
    '12345678e901',
    '52:54:00:44:49:56',
    '1_000',
    '.inf',
    '2024-01-01',
  ),
  fc.constantFrom(
    '',
    ' ',
    ' a',
    'a ',
    '- a',
    'a: b',
    '# a',
    "it's",
    '"',
    '\\',
    '{{ x }}',
    '!vault',
    '&a',
    '*a',
    '---',
    '%',
  ),
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 8 }).filter((text) => text.isWellFormed()),
);
/** Not one that ends with a backslash: V8 13.6 takes the key `"` for a key `\\` where its JSON.parse expects one, and the answers of Python are read with it. */
const anyKey = anyText.filter((text) => !text.endsWith('\\'));
const { value: anyValue } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    anyText,
    fc.integer(),
    fc.double({ noNaN: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(anyKey, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));
const anyVars: fc.Arbitrary<Vars> = fc.dictionary(anyKey, anyValue, {
  minKeys: 1,
  maxKeys: 4,
  noNullPrototype: true,
});

/** Without prototypes, so that results of different readers can be compared. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return new Map(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** What Python makes of each of many texts, in one process. */
function readWithPython(script: string, texts: readonly string[]): unknown[] {
  const { stdout, stderr } = spawnSync('python3', ['-c', script], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout.replaceAll('Infinity', '1e999')) as unknown[];
}

/** Ansible brings Python and PyYAML along. */
const hasPython = hasTool('ansible-inventory');

describe.skipIf(!hasPython)('YAML that is written', () => {
  it('is what was meant, to our reader and to PyYAML', () => {
    const samples = fc.sample(anyVars, 400);
    const texts = samples.map((vars) => `${renderYaml(vars, '').join('\n')}\n`);
    for (const [index, text] of texts.entries()) {
      const { root, problems } = parseYaml(text, 'vars.yaml');
      expect(
        problems.filter(({ severity }) => severity === 'error'),
        text,
      ).toEqual([]);
      expect(plain(root && typeValue(root)), text).toEqual(plain(samples[index]));
    }
    const script =
      'import sys, json, yaml; print(json.dumps([yaml.safe_load(t) for t in json.load(sys.stdin)]))';
    expect(readWithPython(script, texts).map(plain)).toEqual(samples.map(plain));
  });
});

describe.skipIf(!hasPython)('Python literals that are written', () => {
  it('are what was meant, to our reader and to ast.literal_eval, on one line without single quotes', () => {
    const samples = fc.sample(anyValue, 400);
    const texts = samples.map(renderPython);
    for (const [index, text] of texts.entries()) {
      expect(text).not.toMatch(/['\n\r\u0085\u2028\u2029]/);
      expect(plain(readPythonLiteral(text)), text).toEqual(plain(samples[index]));
    }
    const script = `
import sys, json, ast
def read(text):
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
print(json.dumps([read(text) for text in json.load(sys.stdin)]))`;
    expect(readWithPython(script, texts).map(plain)).toEqual(samples.map(plain));
  });

  it('cannot hold what Ansible tags in YAML, nor what is no number', () => {
    expect(isPythonValue({ a: [1, 'x', null, { b: Number.POSITIVE_INFINITY }] })).toBe(true);
    for (const value of [{ __ansible_vault: 'x' }, [{ a: { __ansible_unsafe: 'x' } }], Number.NaN])
      expect(isPythonValue(value)).toBe(false);
  });
});

describe('words for PowerShell', () => {
  it('come back as they were when the line is split', () => {
    const line = fc.array(
      fc
        .string({ unit: 'grapheme', maxLength: 20 })
        .filter((text) => !/[\u2018-\u201b]/.test(text)),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(line, (words) => {
        expect(splitPowershell(words.map(quotePowershell).join(' '))).toEqual(words);
      }),
    );
  });

  it('double every quote that PowerShell takes for one, typographic ones too', () => {
    expect(quotePowershell("a'b\u2019c\u201b")).toBe("'a''b\u2019\u2019c\u201b\u201b'");
  });

  it('are none where a line would expand or run something', () => {
    for (const line of [
      'a $b',
      'a "$(b)"',
      'a; b',
      'a | b',
      'a & b',
      "a 'b",
      'a b`c',
      'a {b}',
      '"a"b',
    ])
      expect(splitPowershell(line), line).toBeUndefined();
    expect(splitPowershell(`A -B 'c ''d' "e ""f\`"g" h-1`)).toEqual([
      'A',
      '-B',
      "c 'd",
      'e "f"g',
      'h-1',
    ]);
  });
});

describe('JSON with comments', () => {
  it('is read as JSON.parse reads it, with its lines', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('', ' // x', ' # x', ' /* x\n */'),
        (value, comment) => {
          const text = `${comment}\n${JSON.stringify(value, null, 1).replaceAll('\n', `${comment}\n`)}${comment}`;
          const node = parseCommentedJson(text);
          expect('problem' in node ? node : plainOf(node)).toEqual(
            // Written and read again: JSON knows no negative zero.
            plain(JSON.parse(JSON.stringify(value))),
          );
        },
      ),
    );
  });

  it('says on which line it is broken, and does not fall over deep nesting', () => {
    expect(parseCommentedJson('{\n "a": 1,\n "b" 2 }')).toMatchObject({ line: 3 });
    expect(parseCommentedJson('{} {}')).toHaveProperty('problem');
    expect(parseCommentedJson('['.repeat(100_000))).toHaveProperty('problem');
    expect(parseCommentedJson('"a\u0001"')).toHaveProperty('problem');
  });
});

/** A node's value without its places. */
function plainOf(
  node: Exclude<ReturnType<typeof parseCommentedJson>, { problem: string }>,
): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainOf);
  return new Map([...node.entries].map(([key, item]) => [key, plainOf(item)]));
}

describe('spellings of MAC addresses', () => {
  it('look like the example they are named by, and read back as the same address', () => {
    for (const spelling of macSpellings) {
      expect(spellMac('aa:bb:cc:dd:ee:ff', spelling)).toBe(spelling);
      expect(parseMac(spellMac('00:e0:4c:01:0a:ff', spelling))).toEqual({
        mac: '00:e0:4c:01:0a:ff',
      });
    }
  });
});
