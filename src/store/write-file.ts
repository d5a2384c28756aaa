import { createHash, randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import {
  type FileHandle,
  lstat,
  open,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { LabError } from '../model/lab-error.ts';

/** How a file is written. */
export interface WriteOptions {
  /** Permission bits of a new file (default 0o644); an existing file keeps its own. */
  readonly mode?: number;
  /** `hashOf` what was read: the file is only replaced while it still has this content. */
  readonly expectedHash?: string;
}

/** SHA-256 of a content as hex, for `expectedHash`. */
export function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Replaces a file whole: readers see the old or the new content, also after a power cut (rename(2), fsync(2)). Keeps mode, owner and group, writes through a symbolic link. Extended attributes and hard links are not kept. Throws LabError 'refused' when the file changed since `expectedHash`, 'environment' when the disk or a permission is in the way. */
export async function writeFileWhole(
  path: string,
  content: string | Uint8Array | AsyncIterable<Uint8Array>,
  options: WriteOptions = {},
): Promise<void> {
  try {
    const target = await followLinks(path);
    const old = await statIfThere(target);
    // A rename asks only the folder's permission; a file made read-only is meant to stay.
    if (old) await (await open(target, 'r+')).close();
    await replace(target, content, old, options);
  } catch (error) {
    throw explain(error, path);
  }
}

/** Names that killed writers and killed waiters for the lock leave behind, after `.NAME.`. */
const leftover = /^(?:lock\.(?:[0-9a-f]{16}\.)*)?\d+\.[0-9a-f]{12}\.tmp$|^lock(?:\.[0-9a-f]{16})+$/;

/** Removes what writers that were killed left beside a file; only to be called by who holds the file's lock. */
export async function removeLeftovers(path: string): Promise<void> {
  const target = await followLinks(path);
  const start = `.${basename(target)}.`;
  for (const name of await readdir(dirname(target)))
    if (name.startsWith(start) && leftover.test(name.slice(start.length)))
      await rm(join(dirname(target), name), { force: true });
}

async function replace(
  target: string,
  content: string | Uint8Array | AsyncIterable<Uint8Array>,
  old: Stats | undefined,
  options: WriteOptions,
): Promise<void> {
  const folder = dirname(target);
  // A name that begins with a dot is no inventory file, to Ansible as to us.
  const temporary = join(
    folder,
    `.${basename(target)}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`,
  );
  const file = await open(temporary, 'wx', 0o600);
  try {
    try {
      await file.writeFile(content);
      await keepOwner(file, old);
      await file.chmod(old ? old.mode & 0o7777 : (options.mode ?? 0o644));
      await file.sync();
    } finally {
      await file.close();
    }
    // As late as can be: an editor that knows nothing of our lock may have saved meanwhile.
    if (options.expectedHash !== undefined) await refuseChanged(target, options.expectedHash);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

async function keepOwner(file: FileHandle, old: Stats | undefined): Promise<void> {
  const now = await file.stat();
  if (!old || (old.uid === now.uid && old.gid === now.gid)) return;
  try {
    await file.chown(old.uid, old.gid);
  } catch (error) {
    if (codeOf(error) !== 'EPERM') throw error;
    // Colleagues who share a folder through a group cannot give files away; the group is what counts.
    if (old.gid !== now.gid) await file.chown(now.uid, old.gid);
  }
}

async function refuseChanged(target: string, expectedHash: string): Promise<void> {
  const present = await readFile(target).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (present && hashOf(present) === expectedHash) return;
  throw new LabError(
    'refused',
    `${target} ${present ? 'was changed' : 'was removed'} by someone else since it was read; nothing was written`,
    'run the command again: it will read the file as it is now',
  );
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder for this, and needs it less: NTFS journals names.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some network file systems do not know fsync of a folder; the content itself is already safe.
    if (codeOf(error) !== 'EINVAL' && codeOf(error) !== 'ENOTSUP') throw error;
  } finally {
    await handle.close();
  }
}

async function followLinks(path: string): Promise<string> {
  let target = resolve(path);
  for (let hops = 0; hops < 40; hops += 1) {
    const found = await lstat(target).catch(() => undefined);
    if (!found?.isSymbolicLink()) return target;
    target = resolve(dirname(target), await readlink(target));
  }
  throw new LabError('environment', `${path} is a symbolic link that leads nowhere`);
}

async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const reasons: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['EACCES', ['no permission', 'check who owns the file and its folder']],
  ['EPERM', ['no permission', 'check who owns the file and its folder']],
  ['EROFS', ['the file system is read-only', 'remount it writable, or work on a copy']],
  ['ENOSPC', ['the disk is full', 'free some space; the old content is untouched']],
  ['EDQUOT', ['the quota is used up', 'free some space; the old content is untouched']],
  ['EIO', ['the disk reports an error', 'check the disk; the old content is untouched']],
  ['ENOENT', ['the folder does not exist', 'make the folder first']],
  ['ENOTDIR', ['a part of the path is not a folder', 'check the path']],
  ['EISDIR', ['it is a folder', 'name a file']],
]);

function explain(error: unknown, path: string): unknown {
  const reason = reasons.get(codeOf(error));
  if (!reason) return error;
  return new LabError('environment', `cannot write ${path}: ${reason[0]}`, reason[1], {
    cause: error,
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
