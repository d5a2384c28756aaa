import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { diskRim } from '../helpers/load-rim.ts';

const folder = join(import.meta.dirname, '..', 'fixtures', 'playbooks', 'broken');
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.yml'))
  .sort();

/** What a fixture says of itself: `# <- rule` on the line of a problem, or `# expect rule [file:]line` above. */
function expected(file: string): string[] {
  const lines = readFileSync(join(folder, file), 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    const beside = /# <- (.*)$/.exec(line)?.[1]?.split(', ') ?? [];
    const [, rule, place] = /^# expect (\S+) (\S+)$/.exec(line) ?? [];
    const above =
      rule && place ? [`${place.includes(':') ? place : `${file}:${place}`} ${rule}`] : [];
    return [...beside.map((one) => `${file}:${index + 1} ${one}`), ...above];
  });
}

describe('refusing broken playbooks', () => {
  it('is shown by at least 60 files', () => {
    expect(files.length).toBeGreaterThanOrEqual(60);
  });

  it.each(files)('tells everything wrong in %s, each with its place and a hint', async (file) => {
    const { problems } = await loadPlaybook(join(folder, file), diskRim());
    const found = problems.map((one) => `${relative(folder, one.file)}:${one.line} ${one.rule}`);
    expect(found.sort()).toEqual(expected(file).sort());
    expect(found.length).toBeGreaterThan(0);
    for (const one of problems.filter(({ rule }) => rule !== 'template-syntax'))
      expect(one.hint, one.message).not.toBe('');
  });
});
