/** The run folder of a room: makes it, reads back who owns it, and sweeps those whose rooms are gone. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { LabError } from '../src/model/lab-error.ts';
import { isAlive, type ProcessMark } from './processes.ts';
import type { Account, RoomWish } from './types.ts';

/** Where run folders are by default: a file system in memory, which a power cut empties. */
export const runRoot = '/run/labkit-sim';

/** What one process needs to know to use a room that another one raised. */
export interface RoomRecord {
  readonly rooms: readonly RoomWish[];
  readonly user: Account;
  readonly base: string;
  readonly creator: ProcessMark;
  readonly supervisor?: ProcessMark;
}

const recordPath = (folder: string) => `${folder}/room.json`;

/** Undefined where there is none, or a half-written one. */
export function loadRecord(folder: string): RoomRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordPath(folder), 'utf8'));
  } catch {
    return undefined;
  }
}

export function saveRecord(folder: string, record: RoomRecord): void {
  writeFileSync(recordPath(folder), `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
}

/** Whether the room of a folder is up, or being raised. */
export function isInUse(folder: string): boolean {
  const record = loadRecord(folder);
  if (record?.supervisor !== undefined) return isAlive(record.supervisor);
  if (record !== undefined) return isAlive(record.creator);
  // Between its making and its first record a folder is empty.
  return Date.now() - statSync(folder).mtimeMs < 60_000;
}

/** Removes the folders of rooms that ended without anybody left to remove them. */
export function sweepRunFolders(root = runRoot): string[] {
  if (!existsSync(root)) return [];
  const stale = readdirSync(root)
    .map((name) => `${root}/${name}`)
    .filter((folder) => existsSync(folder) && !isInUse(folder));
  for (const folder of stale) rmSync(folder, { recursive: true, force: true });
  return stale;
}

/** Makes the folder, readable by root only. Throws LabError('refused') where a room is up in it. */
export function openRunFolder(wished: string | undefined): string {
  mkdirSync(runRoot, { recursive: true, mode: 0o755 });
  sweepRunFolders();
  if (wished === undefined) return mkdtempSync(`${runRoot}/room-`);
  if (!/^\/[\w./-]+$/.test(wished))
    throw new LabError(
      'usage',
      `run folder ${wished}`,
      'write an absolute path of letters, digits, ".", "_" and "-"',
    );
  if (existsSync(wished)) {
    if (loadRecord(wished) === undefined && readdirSync(wished).length > 0)
      throw new LabError('refused', `${wished} exists and is no run folder`, 'name another folder');
    if (isInUse(wished) && loadRecord(wished) !== undefined)
      throw new LabError(
        'refused',
        `a room is up in ${wished}`,
        'end it first: sudo bin/demo down',
      );
    rmSync(wished, { recursive: true, force: true });
  }
  mkdirSync(wished, { recursive: true, mode: 0o700 });
  return wished;
}
