import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { LabError } from '../model/lab-error.ts';
import type { Source, SourceFile, SourceTree, SourceWish } from '../model/module.ts';
import { openSharedPieces } from './shared-pieces.ts';

/** Files of the controller that tasks send: each is found, read and digested once, however many hosts get it. */
export interface PlaySources {
  /** Finds what a task names, in the nearest of these folders first; undefined when it is nowhere. Throws LabError 'failed' for what is there and cannot be read. */
  load(wish: SourceWish, folders: readonly string[]): Promise<Source | undefined>;
  /** The bytes of a file, piece by piece; hosts that keep step share what was read. */
  open(path: string): AsyncIterable<Uint8Array>;
}

/** Up to this size a file's content is kept (model/module.ts, SourceFile). */
const keptBytes = 1024 * 1024;

/** Opens a file that ansible-vault encrypted; throws LabError when no password fits. */
type Decrypt = (text: string, path: string) => string;

/** Opens the sources of one run; encrypted files are sent as what they hold, unless a task wants them as they are. */
export function openPlaySources(decrypt?: Decrypt): PlaySources {
  const known = new Map<string, Promise<Source | undefined>>();
  const pieces = new Map<string, () => AsyncGenerator<Uint8Array>>();
  const remember = (
    path: string,
    { tree = false, sealed = false },
  ): Promise<Source | undefined> => {
    const key = JSON.stringify([tree, sealed, path]);
    const found = known.get(key) ?? read(path, tree, sealed ? undefined : decrypt);
    known.set(key, found);
    return found;
  };
  return {
    async load({ path, folder, ...how }, folders) {
      for (const place of placesOf(path, folder, folders)) {
        const found = await remember(place, how);
        if (found) return found;
      }
      return undefined;
    },
    open(path) {
      const shared = pieces.get(path) ?? openSharedPieces(path);
      pieces.set(path, shared);
      return shared();
    },
  };
}

/** Where Ansible looks for `path` (DataLoader.path_dwim_relative_stack): below `files` or `templates` of each folder, then in the folder itself. */
export function placesOf(path: string, folder: string, folders: readonly string[]): string[] {
  if (path === '~' || path.startsWith('~/')) return [join(homedir(), path.slice(1))];
  if (isAbsolute(path)) return [path];
  const places = folders.flatMap((each) => {
    // A role's tasks lie in a folder beside its files.
    const role = basename(each) === 'tasks' || basename(each) === 'handlers' ? [dirname(each)] : [];
    return [...role, each].flatMap((base) => [join(base, folder, path), join(base, path)]);
  });
  return [
    ...new Set(
      places.map((place) => (path.endsWith('/') ? `${place.replace(/\/$/, '')}/` : place)),
    ),
  ];
}

async function read(path: string, tree: boolean, decrypt?: Decrypt): Promise<Source | undefined> {
  const found = await stat(path).catch(absentOr(path));
  if (!found) return undefined;
  if (found.isFile()) return readFileOnce(path, decrypt);
  if (found.isDirectory() && tree) return readTree(path, decrypt);
  return undefined;
}

const vaultHead = '$ANSIBLE_VAULT;';

async function readFileOnce(path: string, decrypt?: Decrypt): Promise<SourceFile> {
  const { mode, size, mtimeMs } = await stat(path).catch(unreadable(path));
  const about = { path, mode: mode & 0o7777, mtime: mtimeMs / 1000 };
  if (size <= keptBytes) {
    const read = await readFile(path).catch(unreadable(path));
    const isSealed = decrypt && read.subarray(0, vaultHead.length).toString('latin1') === vaultHead;
    const content = isSealed ? Buffer.from(decrypt(read.toString('latin1'), path)) : read;
    const sha1 = createHash('sha1').update(content).digest('hex');
    return { ...about, size: content.length, sha1, content };
  }
  const hash = createHash('sha1');
  let length = 0;
  try {
    for await (const piece of createReadStream(path) as AsyncIterable<Uint8Array>) {
      hash.update(piece);
      length += piece.length;
    }
  } catch (error) {
    unreadable(path)(error);
  }
  return { ...about, size: length, sha1: hash.digest('hex') };
}

async function readTree(root: string, decrypt?: Decrypt): Promise<SourceTree> {
  const folders: { path: string; mode: number }[] = [];
  const files: (SourceFile & { relative: string })[] = [];
  const walk = async (below: string, above: readonly string[]): Promise<void> => {
    const here = join(root, below);
    const { dev, ino } = await stat(here).catch(unreadable(here));
    const id = `${dev}:${ino}`;
    if (above.includes(id)) throw new LabError('failed', `${here} is a link to a folder above it`);
    for (const name of (await readdir(here).catch(unreadable(here))).sort()) {
      const relative = below === '' ? name : `${below}/${name}`;
      const full = join(root, relative);
      const entry = await stat(full).catch(unreadable(full));
      if (entry.isDirectory()) {
        folders.push({ path: relative, mode: entry.mode & 0o7777 });
        await walk(relative, [...above, id]);
      } else if (entry.isFile()) files.push({ ...(await readFileOnce(full, decrypt)), relative });
    }
  };
  await walk('', []);
  return { path: root, folders, files };
}

function absentOr(path: string): (cause: unknown) => undefined {
  return (cause) => {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    return unreadable(path)(cause);
  };
}

function unreadable(path: string): (cause: unknown) => never {
  return (cause) => {
    const { code } = cause as NodeJS.ErrnoException;
    throw new LabError('failed', `cannot read ${path}: ${code}`, '', { cause });
  };
}
