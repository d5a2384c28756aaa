import { dirname } from 'node:path';
import { LabError } from '../model/lab-error.ts';

const noSpace = 'free some space there; running hosts are finished, nothing new is started';
const noRight =
  'ls -ld shows whose it is: run it as that account, or choose another state folder with --state';
const noWrite = 'check the permissions of the state folder, or choose another with --state';

// Primary result codes (sqlite.org/rescode.html).
const sqliteTroubles = new Map<number, readonly [message: string, hint: string]>([
  [5, ['is in use by another process that does not let go', 'end that process, or wait for it']],
  [6, ['is in use by another process that does not let go', 'end that process, or wait for it']],
  [8, ['cannot be written', noWrite]],
  [10, ['cannot be read or written: the disk reports an error', 'check the disk and its space']],
  [11, ['is damaged', 'move it aside to begin anew; "sqlite3 FILE .recover" may save its content']],
  [13, ['cannot grow: the disk is full', noSpace]],
  [14, ['cannot be opened', noWrite]],
  [26, ['is not a Labkit database', 'move it aside to begin anew']],
]);

const systemTroubles = new Map<string, readonly [message: string, hint: string]>([
  ['ENOSPC', ['cannot be made: the disk is full', noSpace]],
  ['EDQUOT', ['cannot be made: the disk quota is used up', noSpace]],
  ['EACCES', ['cannot be used: no permission', noRight]],
  ['EPERM', ['cannot be used: no permission', noRight]],
  ['EROFS', ['cannot be made: the file system is read-only', noWrite]],
  ['ENOENT', ['cannot be made: the system lets nothing be made there', noWrite]],
  ['ENOTDIR', ['cannot be made: a file stands where a folder is needed', noWrite]],
  ['EEXIST', ['cannot be made: a file stands where a folder is needed', noWrite]],
]);

/** Turns what SQLite or the system threw over the state database into LabError 'environment'; other throws come back as they are. */
export function environmentError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof LabError) return error;
  const code = 'code' in error ? String(error.code) : '';
  const system = systemTroubles.get(code);
  if (system) return trouble(dirname(path), system, error);
  const primary = 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  const sqlite = code === 'ERR_SQLITE_ERROR' ? sqliteTroubles.get(primary) : undefined;
  return sqlite ? trouble(path, sqlite, error) : error;
}

function trouble(path: string, [message, hint]: readonly [string, string], cause: Error): LabError {
  return new LabError('environment', `${path} ${message} (${cause.message})`, hint, { cause });
}
