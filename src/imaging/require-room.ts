import { statfs } from 'node:fs/promises';
import { LabError } from '../model/lab-error.ts';

/** Refuses work that takes minutes where its folder has too little room for what it makes. Throws LabError 'environment'. */
export async function requireRoom(folder: string, bytes: number, what: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= bytes) return;
  throw new LabError(
    'environment',
    `${folder} has ${gigabytes(free)} GB free; ${what} takes about ${gigabytes(bytes)} GB`,
    'free some space, or keep the state of the project elsewhere: --state FOLDER',
  );
}

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
