import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LabError } from '../model/lab-error.ts';

/** A local file as `lab copy` takes it. */
export interface SourceFile {
  readonly path: string;
  readonly mode: number;
  readonly size: number;
  readonly sha256: string;
  read(): Promise<Uint8Array | AsyncIterable<Uint8Array>>;
}

/** A local file, or a folder with all that is in it; paths with `/`, parents before children. */
export interface Source {
  readonly kind: 'file' | 'folder';
  readonly name: string;
  readonly contentOnly: boolean;
  readonly folders: readonly string[];
  readonly files: readonly SourceFile[];
}

/** Small files are read once and shared by all hosts; larger ones are streamed to each. */
const smallBytes = 1024 * 1024;

/** Loads what is to be copied: names, permissions and sums, not the content of large files. Links are followed. Throws LabError 'usage' when it is not there or cannot be copied. */
export async function loadCopySource(path: string): Promise<Source> {
  const full = resolve(path);
  const found = await statOf(full, path);
  const name = basename(full);
  const contentOnly = /[\\/]$/.test(path);
  if (found.isFile()) {
    const files = [await loadFile(full, name)];
    return { kind: 'file', name, contentOnly: false, folders: [], files };
  }
  const folders: string[] = [];
  const files: SourceFile[] = [];
  await walk(full, '', { folders, files, above: [] });
  return { kind: 'folder', name, contentOnly, folders, files };
}

interface Walk {
  readonly folders: string[];
  readonly files: SourceFile[];
  /** Device and inode of the folders we are in, so that a link upwards is noticed. */
  readonly above: readonly string[];
}

async function walk(folder: string, below: string, found: Walk): Promise<void> {
  const { dev, ino } = await stat(folder);
  const self = `${dev}:${ino}`;
  if (found.above.includes(self))
    throw new LabError('usage', `${folder} leads back to a folder above it`, 'remove that link');
  const inside = { ...found, above: [...found.above, self] };
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name);
    const relative = below === '' ? name : `${below}/${name}`;
    const entry = await statOf(path, path);
    if (!entry.isDirectory()) {
      found.files.push(await loadFile(path, relative));
      continue;
    }
    found.folders.push(relative);
    await walk(path, relative, inside);
  }
}

async function loadFile(path: string, relative: string): Promise<SourceFile> {
  const found = await statOf(path, path);
  if (!found.isFile())
    throw new LabError('usage', `${path} is neither a file nor a folder`, 'leave it out');
  const mode = found.mode & 0o777;
  if (found.size > smallBytes) {
    const sha256 = await hashOf(path);
    return {
      path: relative,
      mode,
      size: found.size,
      sha256,
      read: async () => createReadStream(path, { highWaterMark: 256 * 1024 }),
    };
  }
  const content = await readFile(path);
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { path: relative, mode, size: content.length, sha256, read: async () => content };
}

/** SHA-256 of a local file, in hex. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function statOf(path: string, shown: string) {
  try {
    return await stat(path);
  } catch (cause) {
    throw new LabError('usage', `${shown} cannot be read`, 'check its name and its permissions', {
      cause,
    });
  }
}
