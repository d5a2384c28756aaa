import { LabError } from '../model/lab-error.ts';

/** What the operating system refused wherever nobody foresaw it, as something to act on: a full disk, a folder of another account. Undefined for everything else, which is our bug. */
export function explainSystemTrouble(error: unknown): LabError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = '', path = '', dest = '' } = error as NodeJS.ErrnoException & { dest?: string };
  const place = dest || path;
  const options = { cause: error };
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new LabError(
      'environment',
      place === '' ? 'the disk is full' : `cannot write ${place}: the disk is full`,
      'df -h shows which; free some space and try again',
      options,
    );
  if (place !== '' && (code === 'EACCES' || code === 'EROFS'))
    return new LabError(
      'environment',
      `no permission: ${place}`,
      'ls -l shows whose it is; run it as that account, or as root',
      options,
    );
  return undefined;
}
