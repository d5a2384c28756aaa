import { readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LabError } from '../model/lab-error.ts';
import { type LockOptions, openFileLock } from './lock-file.ts';
import { hashOf, removeLeftovers, writeFileWhole } from './write-file.ts';

/** What saving an edit did. */
export interface SavedEdit {
  /** False when the new text was the old one: then nothing was written. */
  readonly changed: boolean;
  readonly before: string;
  readonly after: string;
}

/** Changes a text file under its lock: reads it, lets `edit` make the new text from what is there now, and replaces it whole. A byte order mark is part of the text. Throws what `edit`, the lock and the writing throw; then nothing was written. */
export async function saveEdit(
  path: string,
  who: string,
  edit: (text: string) => string | Promise<string>,
  options: LockOptions = {},
): Promise<SavedEdit> {
  // Two links to one file must meet at one lock.
  const target = await realpath(path).catch(unreadable(path));
  await using _ = await openFileLock(lockPathOf(target), who, options);
  const bytes = await readFile(target).catch(unreadable(path));
  const before = decode(bytes, path);
  const after = await edit(before);
  if (after === before) return { changed: false, before, after };
  await removeLeftovers(target);
  await writeFileWhole(target, after, { expectedHash: hashOf(bytes) });
  return { changed: true, before, after };
}

/** Where the lock of a file lies: beside it, with a leading dot so that it is no inventory file. */
export function lockPathOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.lock`);
}

function unreadable(path: string): (cause: unknown) => never {
  return (cause) => {
    throw new LabError('environment', `cannot read ${path}`, 'check the path and its permissions', {
      cause,
    });
  };
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new LabError(
      'input',
      `${path} is not UTF-8, so it cannot be edited safely`,
      `convert it first: iconv -f GB18030 -t UTF-8 ${path}`,
      { cause: error },
    );
  }
}
