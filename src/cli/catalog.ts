import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LabError } from '../model/lab-error.ts';

/** Whether this is the source tree, not the built program. */
const isSource = import.meta.url.endsWith('.ts');

/** Names of the entries of a program folder such as `catalog/checks`, sorted: one file each, `.ts` in the source tree and `.js` when built. */
export async function listEntries(programFolder: string, folder: string): Promise<string[]> {
  const files = await readdir(join(programFolder, folder));
  return files
    .filter((file) => /^[a-z0-9_-]+(?:\.\d+)?\.(ts|js)$/.test(file))
    .map((file) => file.replace(/\.(ts|js)$/, ''))
    .sort();
}

/** Loads one entry's default export. */
export async function loadEntry<T>(
  programFolder: string,
  folder: string,
  name: string,
): Promise<T> {
  const extension = isSource ? 'ts' : 'js';
  const file = join(programFolder, folder, `${name}.${extension}`);
  const module: { default?: T } = await import(pathToFileURL(file).href);
  if (module.default === undefined) throw new Error(`${file} has no default export`);
  return module.default;
}

/** Loads every entry of a folder that is only ever loaded whole, in the order of their names. */
export async function loadEntries<T>(programFolder: string, folder: string): Promise<T[]> {
  if (!isSource) {
    // Built, such a folder is one file (scripts/build.ts).
    const { default: entries } = await import(
      pathToFileURL(join(programFolder, `${folder}.js`)).href
    );
    return entries;
  }
  const names = await listEntries(programFolder, folder);
  return Promise.all(names.map((name) => loadEntry<T>(programFolder, folder, name)));
}

/** Loads one entry by the name a person typed, or says which there are. */
export async function pickEntry<T>(
  programFolder: string,
  folder: string,
  name: string,
  what: string,
): Promise<T> {
  const names = await listEntries(programFolder, folder);
  if (names.includes(name)) return loadEntry<T>(programFolder, folder, name);
  throw new LabError('usage', `there is no ${what} "${name}"`, `write one of ${names.join(', ')}`);
}
