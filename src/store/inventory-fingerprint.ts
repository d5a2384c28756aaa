import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Listing, listSources, listVarsFiles } from './inventory-folder.ts';
import { hashOf } from './write-file.ts';

/** Changes whenever the way an inventory is read does: what was compared by an older Labkit is compared again. */
const layout = 1;

/** One hash over the files of an inventory, so that an unchanged one need not be read again. */
export function fingerprintFiles(files: readonly { path: string; text: string }[]): string {
  return combine(files.map(({ path, text }) => [resolve(path), hashOf(text)]));
}

/** The same hash, of the files as they are on the disk; undefined when one cannot be read. */
export async function fingerprintInventory(paths: readonly string[]): Promise<string | undefined> {
  const listing: Listing = { files: [], problems: [] };
  const bases: string[] = [];
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    bases.push(found?.isDirectory() ? path : dirname(path));
    await listSources(path, listing);
  }
  for (const base of new Set(bases)) await listVarsFiles(base, listing);
  if (listing.problems.some(({ severity }) => severity === 'error')) return undefined;
  const parts: [string, string][] = [];
  for (const { path } of listing.files) {
    const bytes = await readFile(path).catch(() => undefined);
    if (bytes === undefined) return undefined;
    parts.push([resolve(path), hashOf(bytes)]);
  }
  return combine(parts);
}

function combine(parts: readonly (readonly string[])[]): string {
  const lines = parts.map((part) => part.join(' ')).sort();
  return hashOf(`${layout}\n${lines.join('\n')}`);
}
