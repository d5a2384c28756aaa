import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../model/lab-error.ts';
import type { LedgerEntry } from '../model/registration.ts';
import type { Ledger, StoredRow } from './ledger.ts';
import { openFileLock } from './lock-file.ts';
import { lockPathOf, saveEdit } from './save-edit.ts';
import { hashOf, removeLeftovers, writeFileWhole } from './write-file.ts';

/** A file as it was read and as it is to be. */
export interface FileChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** A change of the inventory and what the ledger says of it. */
export interface RegistryChange {
  readonly files: readonly FileChange[];
  readonly entries: readonly LedgerEntry[];
}

/** What was found of a change that was begun and never finished: it was finished now, it had not begun, or the files were edited since. */
export type Recovery = 'nothing' | 'finished' | 'dropped' | 'edited-since';

interface Journal {
  readonly files: readonly {
    readonly path: string;
    readonly before: string;
    readonly after: string;
    /** The new text, where one of several files may still have to be written. */
    readonly text?: string;
  }[];
  readonly entries: readonly LedgerEntry[];
}

/** Keeps others from changing the register; the state folder must exist. Throws LabError 'refused', naming the holder. */
export async function openRegistryLock(
  folder: string,
  who: string,
  waitMs = 60_000,
): Promise<AsyncDisposable> {
  const target = join(folder, 'registry');
  const lock = await openFileLock(lockPathOf(target), who, { waitMs });
  await removeLeftovers(target);
  return lock;
}

/** Writes the files and adds the rows to the ledger: both, or neither, also when the process is killed at any moment (`recoverChange` has the last word then). To be called under the registry's lock. `also` is done with the rows. Throws LabError 'refused' where a file is no longer what was read. */
export async function saveChange(
  ledger: Ledger,
  who: string,
  { files, entries }: RegistryChange,
  also: () => void = () => undefined,
): Promise<StoredRow[]> {
  const changed = files.filter(({ before, after }) => before !== after);
  const targets = await Promise.all(changed.map(({ path }) => targetOf(path)));
  const journal: Journal = {
    files: changed.map(({ before, after }, index) => ({
      path: targets[index] ?? '',
      before: hashOf(before),
      after: hashOf(after),
      ...(changed.length > 1 ? { text: after } : {}),
    })),
    entries,
  };
  if (changed.length === 0) return ledger.append(entries, also);
  ledger.saveJournal(JSON.stringify(journal));
  try {
    for (const { path, before, after } of changed)
      await saveEdit(path, who, (text) => (text === before ? after : refuseChanged(path)));
  } catch (error) {
    // With one of several files written there is no way back but forward, at the next start.
    if ((await compareFiles(journal)) === 'before') ledger.clearJournal();
    throw error;
  }
  return finish(ledger, entries, also);
}

/** Ends what a killed process began. To be called under the registry's lock, before anything is read. */
export async function recoverChange(ledger: Ledger, who: string): Promise<Recovery> {
  const content = ledger.loadJournal();
  if (content === null) return 'nothing';
  const journal = JSON.parse(content) as Journal;
  const state = await compareFiles(journal);
  if (state === 'before') {
    ledger.clearJournal();
    return 'dropped';
  }
  if (state === 'other') {
    ledger.clearJournal();
    return 'edited-since';
  }
  for (const { path, before, text } of journal.files) {
    if (text === undefined) continue;
    await using _ = await openFileLock(lockPathOf(path), who);
    const now = hashOf(await readFile(path));
    if (now === before) await writeFileWhole(path, text, { expectedHash: before });
  }
  await finish(ledger, journal.entries, () => undefined);
  return 'finished';
}

async function finish(
  ledger: Ledger,
  entries: readonly LedgerEntry[],
  also: () => void,
): Promise<StoredRow[]> {
  return ledger.append(entries, () => {
    also();
    ledger.clearJournal();
  });
}

/** 'after' also when some files are as before and can still be written. */
async function compareFiles({ files }: Journal): Promise<'before' | 'after' | 'other'> {
  const states: string[] = [];
  for (const { path, before, after } of files) {
    const bytes = await readFile(path).catch(() => undefined);
    const hash = bytes === undefined ? '' : hashOf(bytes);
    states.push(hash === after ? 'after' : hash === before ? 'before' : 'other');
  }
  if (states.every((state) => state === 'before')) return 'before';
  return states.includes('other') ? 'other' : 'after';
}

/** The file itself: what a link leads to may be changed by way of another name. */
async function targetOf(path: string): Promise<string> {
  return realpath(path).catch((cause: unknown) => {
    throw new LabError('environment', `cannot read ${path}`, 'check the path and its permissions', {
      cause,
    });
  });
}

function refuseChanged(path: string): never {
  throw new LabError(
    'refused',
    `${path} was changed by someone else since it was read; nothing was written`,
    'run the command again: it will read the file as it is now',
  );
}
