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

/** Opens the sources of one run. */
export function openPlaySources(): PlaySources {
  const known = new Map<string, Promise<Source | undefined>>();
  const pieces = new Map<string, () => AsyncGenerator<Uint8Array>>();
  const remember = (path: string, tree: boolean): Promise<Source | undefined> => {
    const key = `${tree ? 'tree' : 'file'} ${path}`;
    const found = known.get(key) ?? read(path, tree);
    known.set(key, found);
    return found;
  };
  return {
    async load({ path, folder, tree = false }, folders) {
      for (const place of placesOf(path, folder, folders)) {
        const found = await remember(place, tree);
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

async function read(path: string, tree: boolean): Promise<Source | undefined> {
  const found = await stat(path).catch(absentOr(path));
  if (!found) return undefined;
  if (found.isFile()) return readFileOnce(path);
  if (found.isDirectory() && tree) return readTree(path);
  return undefined;
}

async function readFileOnce(path: string): Promise<SourceFile> {
  const { mode, size, mtimeMs } = await stat(path).catch(unreadable(path));
  const about = { path, mode: mode & 0o7777, mtime: mtimeMs / 1000 };
  if (size <= keptBytes) {
    const content = await readFile(path).catch(unreadable(path));
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

async function readTree(root: string): Promise<SourceTree> {
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
      } else if (entry.isFile()) files.push({ ...(await readFileOnce(full)), relative });
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
