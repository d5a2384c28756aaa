import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listPlaybook } from '../../src/playbook/list.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { diskRim } from '../helpers/load-rim.ts';

const folder = join(import.meta.dirname, '..', 'fixtures', 'playbooks', 'valid');
const texts = readdirSync(folder)
  .filter((name) => name.endsWith('.yml'))
  .map((name) => readFileSync(join(folder, name), 'utf8'));
const pieces = [
  '',
  ' ',
  '\n',
  ':',
  '- ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '{{',
  '}}',
  '{% if %}',
  '|',
  '>',
  '&a',
  '*a',
  '!vault',
  '!unsafe',
  '__proto__: 1',
  'constructor',
  'toString',
  'null',
  '~',
  '1',
  '-1',
  '1.0',
  '.inf',
  '2024-01-01',
  'yes',
  'name=',
  'when:',
  'loop:',
  'block:',
  'include_tasks: x',
  'import_role:',
  'roles:',
  '- - -',
  '\t',
  '=',
  'args:',
  'with_items:',
];

/** Replaces, inserts and moves parts of a text. */
const mutation = fc.tuple(
  fc.nat(texts.length - 1),
  fc.array(fc.tuple(fc.nat(), fc.nat(12), fc.constantFrom(...pieces)), {
    minLength: 1,
    maxLength: 6,
  }),
  fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 2 }),
);

function mutate([which, edits, swaps]: typeof mutation extends fc.Arbitrary<infer T>
  ? T
  : never): string {
  let text = texts[which] ?? '';
  for (const [at, length, piece] of edits) {
    const start = at % (text.length + 1);
    text = text.slice(0, start) + piece + text.slice(start + length);
  }
  const lines = text.split('\n');
  for (const [one, other] of swaps) {
    const [a, b] = [one % lines.length, other % lines.length];
    [lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? ''];
  }
  return lines.join('\n');
}

describe('any text at all', () => {
  it('is a playbook or has problems; loading it throws nothing', async () => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(mutation, async (change) => {
        const text = mutate(change);
        const rim = diskRim();
        const file = join(folder, 'mutated.yml');
        const loaded = await loadPlaybook(file, {
          ...rim,
          readText: async (path) => (path === file ? text : await rim.readText(path)),
        });
        listPlaybook(loaded.playbook, { tags: [], skipTags: [] });
        if (loaded.problems.length > 0) refused += 1;
        for (const problem of loaded.problems) {
          expect(problem.line).toBeGreaterThan(0);
          expect(problem.column).toBeGreaterThan(0);
        }
      }),
      { numRuns: 2500 },
    );
    expect(refused).toBeGreaterThan(500);
  }, 60_000);
});
