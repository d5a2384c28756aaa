import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { InventoryFile } from '../model/inventory-file.ts';
import type { Problem } from '../model/problem.ts';
import { type ListedFile, type Listing, listSources, listVarsFiles } from './inventory-folder.ts';
import { readInventoryFile } from './inventory-text.ts';
import type { VaultOpener } from './open-vault.ts';

/** Files read at once: enough to keep the disk busy, few enough for any limit of open files. */
const batchSize = 64;

/**
 * Reads an inventory as Ansible finds it: each path a file or a folder, then `group_vars/` and `host_vars/` beside them and, for a playbook, beside it. Nothing throws for a file that
 * cannot be read: it becomes a problem. With `vault`, files that ansible-vault encrypted are opened; without, they are left for the inventory room to warn of.
 */
export async function loadInventoryFiles(
  paths: readonly string[],
  playbookFolder?: string,
  vault?: VaultOpener,
): Promise<{ files: InventoryFile[]; problems: Problem[] }> {
  const listing: Listing = { files: [], problems: [] };
  const bases: string[] = [];
  for (const path of paths) {
    bases.push((await isFolder(path)) ? path : dirname(path));
    await listSources(path, listing);
  }
  // A folder named twice counts where it stands last, because what is read later wins.
  const distinct = bases.filter((base, index) => bases.lastIndexOf(base) === index);
  for (const base of distinct) await listVarsFiles(base, listing);
  if (playbookFolder !== undefined && !distinct.includes(playbookFolder))
    await listVarsFiles(playbookFolder, listing, { besidePlaybook: true });
  return readAll(listing, vault);
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

async function readAll(
  listing: Listing,
  vault: VaultOpener | undefined,
): Promise<{ files: InventoryFile[]; problems: Problem[] }> {
  const files: InventoryFile[] = [];
  const problems = [...listing.problems];
  for (let at = 0; at < listing.files.length; at += batchSize) {
    const batch: ListedFile[] = listing.files.slice(at, at + batchSize);
    for (const read of await Promise.all(batch.map((file) => readInventoryFile(file, vault)))) {
      if (read.file) files.push(read.file);
      problems.push(...read.problems);
    }
  }
  return { files, problems };
}
