import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { InventoryFile } from '../model/inventory-file.ts';
import type { Problem } from '../model/problem.ts';

/** A file of an inventory that is still to be read; a source's format is found when its text is known. */
export interface ListedFile {
  readonly path: string;
  readonly role: Exclude<InventoryFile['role'], { kind: 'source' }> | { readonly kind: 'source' };
}

/** Files found so far, and what was wrong on the way. */
export interface Listing {
  readonly files: ListedFile[];
  readonly problems: Problem[];
}

/** What Ansible leaves out of a folder of inventories (its defaults `REJECT_EXTS` and `INVENTORY_IGNORE_EXTS`). */
const ignored =
  /^\.|^(?:host_vars|group_vars|vars_plugins)$|~$|\.(?:pyc|pyo|swp|bak|rpm|md|txt|rst|orig|ini|cfg|retry)$/;

/** In the order in which Ansible looks for the one file of a group or host. */
const varsExtensions = ['', '.yml', '.yaml', '.json'];

/** Folders in folders deeper than this are not looked into: there is a link that leads back. */
const maxFolderDepth = 16;

/** A problem of a whole file. */
export function problemOfFile(
  file: string,
  rule: string,
  message: string,
  hint: string,
  severity: Problem['severity'] = 'error',
): Problem {
  return { file, line: 1, column: 1, severity, rule, path: '', message, hint };
}

/** Lists the inventory files a path stands for: itself, or those of the folder and its subfolders, sorted by name. */
export async function listSources(path: string, listing: Listing, depth = 0): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error) listing.problems.push(refusePath(path, found));
  else if (found.isDirectory() && depth < maxFolderDepth) await listSourcesIn(path, listing, depth);
  else if (found.isFile()) listing.files.push({ path, role: { kind: 'source' } });
  else
    listing.problems.push(
      problemOfFile(path, 'unreadable-file', 'it is not a file', 'name a file or a folder'),
    );
}

async function listSourcesIn(folder: string, listing: Listing, depth: number): Promise<void> {
  const before = listing.files.length + listing.problems.length;
  for (const { name } of await listFolder(folder, listing)) {
    const path = join(folder, name);
    if (!ignored.test(name)) await listSources(path, listing, depth + 1);
    else if (name.endsWith('.ini')) listing.problems.push(passedOver(path));
  }
  if (depth > 0 || listing.files.length + listing.problems.length > before) return;
  const hint = 'put a file into it, such as school.yaml, or name another with -i';
  listing.problems.push(
    problemOfFile(folder, 'empty-folder', 'there is no inventory file in it', hint, 'warning'),
  );
}

/** The one ending that is left out and yet is common for inventories. */
function passedOver(path: string): Problem {
  const message = 'it is not read: in a folder Ansible passes over files that end in .ini';
  return problemOfFile(
    path,
    'ignored-file',
    message,
    'take the ending away, or name the file itself with -i',
    'warning',
  );
}

/** Lists the files of `group_vars/` and `host_vars/` in a folder. */
export async function listVarsFiles(
  base: string,
  listing: Listing,
  beside: { readonly besidePlaybook?: true } = {},
): Promise<void> {
  for (const kind of ['group_vars', 'host_vars'] as const) {
    const folder = join(base, kind);
    const found = await stat(folder).catch(() => undefined);
    if (!found) continue;
    if (!found.isDirectory()) {
      const hint = 'make it a folder with a file for each group or host';
      listing.problems.push(
        problemOfFile(folder, 'bad-vars-folder', `${kind} is not a folder`, hint),
      );
      continue;
    }
    for (const [name, entries] of byName(await listFolder(folder, listing)))
      await listVarsOf({ kind, name, base, ...beside }, folder, entries, listing);
  }
}

async function listVarsOf(
  role: Exclude<InventoryFile['role'], { kind: 'source' }>,
  folder: string,
  [chosen, ...shadowed]: readonly Dirent[],
  listing: Listing,
): Promise<void> {
  if (!chosen) return;
  const path = join(folder, chosen.name);
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  const paths = isFolder ? await listVarsFolder(path, listing, 0) : [path];
  listing.files.push(...paths.map((file) => ({ path: file, role })));
  for (const { name } of shadowed)
    listing.problems.push(
      problemOfFile(
        join(folder, name),
        'shadowed-file',
        `it is not read, because ${path} is there`,
        'move both into one folder of that name, or delete one',
        'warning',
      ),
    );
}

/** Entries by the group or host they are for; of several the first is the one that Ansible reads. */
function byName(entries: readonly Dirent[]): Map<string, Dirent[]> {
  const named = new Map<string, Dirent[]>();
  for (const extension of varsExtensions)
    for (const entry of entries) {
      const found = varsExtensions.includes(extname(entry.name)) ? extname(entry.name) : '';
      if (found !== extension || isHidden(entry.name)) continue;
      const name = entry.name.slice(0, entry.name.length - found.length);
      named.set(name, [...(named.get(name) ?? []), entry]);
    }
  return named;
}

function isHidden(name: string): boolean {
  return name.startsWith('.') || name.endsWith('~');
}

async function listVarsFolder(folder: string, listing: Listing, depth: number): Promise<string[]> {
  const paths: string[] = [];
  for (const { name } of await listFolder(folder, listing)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (isHidden(name) || !found) continue;
    const extension = extname(name);
    if (found.isDirectory() && extension === '' && depth < maxFolderDepth)
      paths.push(...(await listVarsFolder(path, listing, depth + 1)));
    else if (found.isFile() && varsExtensions.includes(extension)) paths.push(path);
  }
  return paths;
}

async function listFolder(folder: string, listing: Listing): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  } catch (error) {
    listing.problems.push(refusePath(folder, error as NodeJS.ErrnoException));
    return [];
  }
}

/** Says why a path cannot be read. */
export function refusePath(path: string, { code, message }: NodeJS.ErrnoException): Problem {
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return problemOfFile(
      path,
      'missing-file',
      'there is no such file',
      'check the path given with -i',
    );
  const hint =
    code === 'EACCES' ? 'you need permission to read it' : 'see whether the disk is there';
  return problemOfFile(path, 'unreadable-file', `it cannot be read: ${code ?? message}`, hint);
}
