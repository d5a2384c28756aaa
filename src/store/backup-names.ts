import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A copy of what a file was. */
export interface Backup {
  readonly path: string;
  /** `2026-11-23T141500Z`, with `-2` and so on for further ones of that second. */
  readonly stamp: string;
  /** The stamp of the backup that was restored when this one was made; '' for one of an export. */
  readonly insteadOf: string;
}

/** What a new backup is called by: the second it is made in, and the backup that is restored then. */
export type BackupTime = Omit<Backup, 'path'>;

/** All backups of a file, newest first. */
export async function listBackups(target: string): Promise<Backup[]> {
  const stamp = String.raw`\d{4}-\d\d-\d\dT\d{6}Z(?:-\d+)?`;
  const pattern = new RegExp(`^\\.(${stamp})(?:\\.instead-of-(${stamp}))?\\.bak$`);
  const start = basename(backupStart(target));
  const found = (await readdir(dirname(target))).flatMap((name) => {
    const match = name.startsWith(start) ? pattern.exec(name.slice(start.length)) : null;
    if (match === null) return [];
    const [, own = '', insteadOf = ''] = match;
    return [{ path: join(dirname(target), name), stamp: own, insteadOf }];
  });
  return found.sort((a, b) => compareStamps(b.stamp, a.stamp));
}

/** Programs read every file of folders such as `/etc/dnsmasq.d` and `sites-enabled`, whatever its name, but none that begins with a dot. */
function backupStart(target: string): string {
  const folder = dirname(target);
  return /(?:\.d|-enabled)$/.test(folder) ? join(folder, `.${basename(target)}`) : target;
}

/** Orders stamps by time, then by their number within one second. */
export function compareStamps(a: string, b: string): number {
  const [time, other] = [a.slice(0, 18), b.slice(0, 18)];
  if (time !== other) return time < other ? -1 : 1;
  return numberOf(a) - numberOf(b);
}

function numberOf(stamp: string): number {
  return Number(stamp.slice(19) || 1);
}

/** The stamp of a moment (ISO 8601 in UTC). */
export function stampOf(at: string): string {
  return `${at.slice(0, 19).replaceAll(':', '')}Z`;
}

/** The path of the nth backup of that second, from 1. */
export function backupPath(target: string, { stamp, insteadOf }: BackupTime, nth: number): string {
  const number = nth === 1 ? '' : `-${nth}`;
  const end = insteadOf === '' ? '' : `.instead-of-${insteadOf}`;
  return `${backupStart(target)}.${stamp}${number}${end}.bak`;
}

/** The number the next backup of that second gets. */
export async function nextNumber(target: string, time: string): Promise<number> {
  const newest = (await listBackups(target)).find(({ stamp }) => stamp.startsWith(time));
  return newest === undefined ? 1 : numberOf(newest.stamp) + 1;
}
