import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listEntries, loadEntry } from '../src/cli/catalog.ts';

const program = join(import.meta.dirname, '..', 'src');
const fixtures = join(import.meta.dirname, 'fixtures');
const folders = readdirSync(join(program, 'catalog'), { withFileTypes: true })
  .filter((each) => each.isDirectory())
  .map(({ name }) => name);
const entriesOf = new Map(
  await Promise.all(
    folders.map(
      async (folder) => [folder, await listEntries(program, `catalog/${folder}`)] as const,
    ),
  ),
);

interface Entry {
  readonly name?: string;
  readonly summary?: string;
}

describe('the catalog', () => {
  it('was really read', () => {
    expect(folders).toContain('checks');
    expect(folders).toContain('formats');
  });

  for (const [folder, entries] of entriesOf) {
    it(`has entries in ${folder}, and no file there that is none`, () => {
      expect(entries.length).toBeGreaterThan(0);
      const files = readdirSync(join(program, 'catalog', folder), { withFileTypes: true });
      expect(
        files
          .filter((each) => each.isFile())
          .map(({ name }) => name)
          .sort(),
      ).toEqual(entries.map((name) => `${name}.ts`).sort());
    });

    it.each(entries)(
      `${folder}/%s is named as its file, says what it is for, and has a fixture`,
      async (name) => {
        const entry = await loadEntry<Entry>(program, `catalog/${folder}`, name);
        expect(entry.name).toBe(name);
        expect(entry.summary).toMatch(/^[A-Z].*\.$/s);
        const folderOfFixtures = join(fixtures, folder, name);
        expect(
          existsSync(folderOfFixtures) && readdirSync(folderOfFixtures).length > 0,
          folderOfFixtures,
        ).toBe(true);
      },
    );
  }
});
