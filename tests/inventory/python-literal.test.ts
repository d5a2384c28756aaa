import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPythonLiteral } from '../../src/inventory/python-literal.ts';

const script = `
import ast, json, sys, warnings
warnings.simplefilter('ignore')
def typed(text):
    try:
        value = ast.literal_eval(text)
        json.dumps(value)
        return value
    except Exception:
        return text
print(json.dumps([typed(text) for text in json.load(sys.stdin)]))
`;
const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython && process.env['CI'] === 'true') throw new Error('python3 is missing');
if (!hasPython) console.warn('SKIPPED: python3 is missing, literals were not compared with it');

function readWithPython(texts: readonly string[]): unknown[] {
  const run = spawnSync('python3', ['-c', script], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
  });
  return JSON.parse(run.stdout);
}

/** Python's own differences from JSON that no inventory shows: byte strings, 5.0 as a key, and 1 and True as one key. */
const beyondJson = /b['"]|\{.*(?:5\.|1e3)|\{.*(?:True|1)\b.*:.*(?:True|1)\b.*:/is;

describe.skipIf(!hasPython)('readPythonLiteral beside ast.literal_eval', () => {
  it('reads the same values from literals, and leaves the same texts alone', () => {
    const atoms = fc.constantFrom(
      ...`1 0 00 0123 0x1F 0X_a 0o17 0b11 1_000 1__0 1_ 1.5 .5 5. 1e3 1E-2 -1 --1 - +1 -0.5 True False None true "a" 'b' '' "it's" r'\\n' u"x" '\\x41\\u4e2d\\101' 'a''b' '''x''' abc 1.2.3.4 52:54:00 # 'open [ ] { } ( ) , : 1j x=1`.split(
        ' ',
      ),
    );
    const values = fc.letrec<{ value: string }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        atoms,
        fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
        fc.array(tie('value'), { maxLength: 3 }).map((items) => `(${items.join(',')})`),
        fc
          .array(fc.tuple(atoms, tie('value')), { maxLength: 3 })
          .map((entries) => `{${entries.map((entry) => entry.join(': ')).join(', ')}}`),
        fc.array(tie('value'), { minLength: 1, maxLength: 3 }).map((items) => items.join(', ')),
        fc
          .tuple(tie('value'), fc.constantFrom(' ', '  # note', ',', ' 1'))
          .map((parts) => parts.join('')),
      ),
    })).value;
    const texts = fc
      .sample(values, { numRuns: 6000, seed: 20240901 })
      .filter((text) => !beyondJson.test(text) && !/\{[^:]*\}/.test(text));
    const theirs = readWithPython(texts);
    const differing = texts.filter(
      (text, at) =>
        JSON.stringify(sorted(readPythonLiteral(text))) !== JSON.stringify(sorted(theirs[at])),
    );
    expect(differing).toEqual([]);
    expect(texts.length).toBeGreaterThan(4000);
    expect(theirs.filter((value, at) => value !== texts[at]).length).toBeGreaterThan(1000);
  });
});

/** Objects with sorted keys: JavaScript moves numeric ones to the front. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

describe('readPythonLiteral', () => {
  it('takes time in proportion to what stands there, however deep or broken', () => {
    for (const text of [
      '['.repeat(50_000),
      "'".repeat(50_001),
      `${'('.repeat(100)}1${')'.repeat(100)}`,
      '-'.repeat(50_000),
    ])
      expect(readPythonLiteral(text)).toBe(text);
  });
});
