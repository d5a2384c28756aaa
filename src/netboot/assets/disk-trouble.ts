import { LabError } from '../../model/lab-error.ts';

/** A full disk or a missing permission, in words. */
export function explainDisk(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new LabError(
      'environment',
      `cannot write ${path}: the disk is full`,
      'free some space and try again; a download goes on where it stopped',
    );
  if (code === 'EACCES' || code === 'EROFS' || code === 'ENOENT')
    return new LabError('environment', `cannot use ${path}: ${code}`, 'check path and permissions');
  return error;
}
