import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { LabError } from '../model/lab-error.ts';
import { openSharedPieces } from './shared-pieces.ts';

/** A local file as it is copied to hosts; `path` counts from the source folder. */
export interface SourceFile {
  readonly path: string;
  readonly mode: number;
  readonly size: number;
  readonly sha256: string;
  read(): Promise<Uint8Array | AsyncIterable<Uint8Array>>;
}

/** A local file or folder; links are followed, as Ansible's copy does. */
export interface LocalSource {
  readonly kind: 'file' | 'folder';
  readonly name: string;
  readonly contentOnly: boolean;
  readonly folders: readonly string[];
  readonly files: readonly SourceFile[];
}

/** Up to this size a file is read once and kept for all hosts; larger ones are read piece by piece as they are sent. */
const keptBytes = 16 * 1024 * 1024;
/** Of one source all in all. */
const keptInAllBytes = 64 * 1024 * 1024;

/** How much may still be kept. */
interface Memory {
  bytes: number;
}

/** Looks at what is to be copied, reading every file once for its SHA-256. Throws LabError 'input' for what cannot be read or is no file or folder. */
export async function openCopySource(written: string, cwd: string): Promise<LocalSource> {
  const path = resolve(cwd, written);
  const found = await stat(path).catch(unreadable(path));
  const name = basename(path);
  const memory = { bytes: keptInAllBytes };
  if (found.isFile()) {
    const files = [await openFile(path, name, memory)];
    return { kind: 'file', name, contentOnly: false, folders: [], files };
  }
  if (!found.isDirectory()) throw new LabError('input', `${path} is neither a file nor a folder`);
  const folders: string[] = [];
  const files: SourceFile[] = [];
  await walk(path, '', { folders, files, memory, above: [] });
  return { kind: 'folder', name, contentOnly: written.endsWith('/'), folders, files };
}

interface Walk {
  readonly folders: string[];
  readonly files: SourceFile[];
  readonly memory: Memory;
  /** Folders on the way here, by device and inode: a link to one of them would never end. */
  readonly above: readonly string[];
}

async function walk(root: string, below: string, found: Walk): Promise<void> {
  const { folders, files, above, memory } = found;
  const { dev, ino } = await stat(join(root, below)).catch(unreadable(join(root, below)));
  const here = `${dev}:${ino}`;
  if (above.includes(here))
    throw new LabError('input', `${join(root, below)} is a link to a folder above it`);
  const names = await readdir(join(root, below)).catch(unreadable(join(root, below)));
  for (const name of names.sort()) {
    const path = below === '' ? name : `${below}/${name}`;
    const full = join(root, path);
    const entry = await stat(full).catch(unreadable(full));
    if (entry.isDirectory()) {
      folders.push(path);
      await walk(root, path, { ...found, above: [...above, here] });
    } else if (entry.isFile()) files.push(await openFile(full, path, memory));
    else throw new LabError('input', `${full} is neither a file nor a folder`);
  }
}

async function openFile(full: string, path: string, memory: Memory): Promise<SourceFile> {
  const { mode, size } = await stat(full).catch(unreadable(full));
  const permissions = mode & 0o777;
  if (size <= Math.min(keptBytes, memory.bytes)) {
    memory.bytes -= size;
    const content = await readFile(full).catch(unreadable(full));
    const sha256 = createHash('sha256').update(content).digest('hex');
    return { path, mode: permissions, size: content.length, sha256, read: async () => content };
  }
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(full)) hash.update(piece);
  } catch (error) {
    unreadable(full)(error);
  }
  const pieces = openSharedPieces(full);
  const read = async () => readPieces(pieces, full);
  return { path, mode: permissions, size, sha256: hash.digest('hex'), read };
}

/** Opened only once somebody reads: a file nobody reads would be open for nothing. */
async function* readPieces(
  pieces: () => AsyncGenerator<Uint8Array>,
  path: string,
): AsyncGenerator<Uint8Array> {
  try {
    yield* pieces();
  } catch (error) {
    unreadable(path)(error);
  }
}

function unreadable(path: string): (cause: unknown) => never {
  return (cause) => {
    const { code } = cause as NodeJS.ErrnoException;
    throw new LabError(
      'input',
      `cannot read ${path}: ${code}`,
      'check the path and its permissions',
      { cause },
    );
  };
}
