import { randomBytes } from 'node:crypto';
import { chmod, link, lstat, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { LabError } from '../model/lab-error.ts';
import {
  type Backup,
  type BackupTime,
  backupPath,
  compareStamps,
  listBackups,
  nextNumber,
  stampOf,
} from './backup-names.ts';
import { openFileLock } from './lock-file.ts';
import { lockPathOf } from './save-edit.ts';
import { hashOf, removeLeftovers, writeFileWhole } from './write-file.ts';

/** How a file is replaced. */
export interface Replacement {
  /** Who does it, for the lock. */
  readonly who: string;
  /** When, ISO 8601 in UTC; names the backup. */
  readonly at: string;
  /** Only its owner may read it, also where a file was there that others could read. */
  readonly ownerOnly?: boolean;
  /** Looks at what is there and throws to leave it alone. */
  readonly guard?: (present: Uint8Array) => void;
}

/** What replacing a file did: `backup` is the path of the copy, '' when there was nothing to copy. */
export interface Replaced {
  readonly state: 'created' | 'replaced' | 'unchanged';
  readonly backup: string;
}

/** Replaces a file whole, under its lock, after its content was copied beside it as `NAME.2026-11-23T141500Z.bak` with the same permissions (in a folder such as `dnsmasq.d` with a leading dot). Content that is there already is left alone. Throws LabError 'environment' or 'refused'; then the file is as it was. */
export async function replaceWithBackup(
  path: string,
  content: string | Uint8Array,
  { who, at, ownerOnly = false, guard }: Replacement,
): Promise<Replaced> {
  const target = await realpath(path).catch(() => resolve(path));
  await using _ = await openFileLock(lockPathOf(target), who);
  await removeLeftovers(target);
  const present = await readPresent(target);
  if (present === undefined) {
    await writeFileWhole(target, content, ownerOnly ? { mode: 0o600 } : {});
    return { state: 'created', backup: '' };
  }
  if (ownerOnly) await chmod(target, (await stat(target)).mode & 0o700);
  if (Buffer.compare(present, Buffer.from(content)) === 0)
    return { state: 'unchanged', backup: '' };
  guard?.(present);
  const backup = await saveBackup(target, present, { stamp: stampOf(at), insteadOf: '' });
  await writeFileWhole(target, content, { expectedHash: hashOf(present) });
  return { state: 'replaced', backup };
}

/** What a rollback did, in paths. */
export interface RolledBack {
  readonly restored: string;
  /** Where the content that was there is now; '' when the file was missing. */
  readonly backup: string;
}

/** Puts the newest backup of a file back, after copying what is there as `NAME.TIME.instead-of-TIME.bak`; again, and it goes one backup further back. Throws LabError 'refused' when there is none left. */
export async function rollBack(
  path: string,
  { who, at }: Pick<Replacement, 'who' | 'at'>,
): Promise<RolledBack> {
  const target = await realpath(path).catch(() => resolve(path));
  await using _ = await openFileLock(lockPathOf(target), who);
  await removeLeftovers(target);
  const present = await readPresent(target);
  const chosen = await chooseBackup(target, present);
  if (chosen === undefined)
    throw new LabError(
      'refused',
      `there is no backup of ${path} to go back to`,
      'backups are made when an export writes over a file; they lie beside it and end in .bak',
    );
  const content = await readFile(chosen.path);
  const backup =
    present === undefined
      ? ''
      : await saveBackup(target, present, { stamp: stampOf(at), insteadOf: chosen.stamp });
  const { mode } = await stat(chosen.path);
  await writeFileWhole(target, content, {
    mode: mode & 0o7777,
    ...(present === undefined ? {} : { expectedHash: hashOf(present) }),
  });
  return { restored: chosen.path, backup };
}

/** The newest backup; right after a rollback, the newest that is older than the one restored then. Backups of what is there anyway are passed over. */
async function chooseBackup(
  target: string,
  present: Uint8Array | undefined,
): Promise<Backup | undefined> {
  const all = await listBackups(target);
  const before = all[0]?.insteadOf ?? '';
  const candidates = all.filter(
    ({ stamp, insteadOf }) =>
      insteadOf === '' && (before === '' || compareStamps(stamp, before) < 0),
  );
  for (const backup of candidates) {
    const content = await readFile(backup.path);
    if (present === undefined || Buffer.compare(content, present) !== 0) return backup;
  }
  return undefined;
}

/** Copies whole or not at all (link(2)), and over no other backup: a second one of the same second gets a number. */
async function saveBackup(target: string, content: Uint8Array, time: BackupTime): Promise<string> {
  const folder = dirname(target);
  const temporary = join(
    folder,
    `.${basename(target)}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`,
  );
  try {
    await writeCopy(temporary, content, target);
    for (let number = await nextNumber(target, time.stamp); ; number += 1) {
      const copy = backupPath(target, time, number);
      if (await claimName(temporary, copy)) return copy;
    }
  } catch (error) {
    throw new LabError(
      'environment',
      `cannot make a backup of ${target}; it was left as it is`,
      'check the permissions of its folder and the space on its disk',
      { cause: error },
    );
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

async function writeCopy(path: string, content: Uint8Array, original: string): Promise<void> {
  const { mode, uid, gid } = await stat(original);
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    const kept = await file.chown(uid, gid).then(
      () => true,
      () => false,
    );
    const own = await file.stat();
    // Whose group it cannot keep, it does not show to another group.
    await file.chmod(kept || own.gid === gid ? mode & 0o7777 : mode & 0o700);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function claimName(temporary: string, copy: string): Promise<boolean> {
  try {
    await link(temporary, copy);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(codeOf(error))) throw error;
  }
  // File systems without hard links (FAT, some shares): we hold the lock, so nobody makes that name meanwhile.
  if (await lstat(copy).catch(() => undefined)) return false;
  await rename(temporary, copy);
  return true;
}

async function readPresent(target: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(target);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new LabError(
      'environment',
      `cannot read ${target}: ${codeOf(error)}`,
      'check the path and its permissions',
      { cause: error },
    );
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
