import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { explainDisk } from './disk-trouble.ts';

/** Digests of files that are remembered while a file is evidently the same: device, inode, size, and both of its times in nanoseconds. */
export interface Digests {
  of(path: string): Promise<string>;
  forget(path: string): void;
}

/** Begins to remember digests, in this process alone. */
export function makeDigests(): Digests {
  const known = new Map<string, { readonly state: string; readonly sha256: string }>();
  return {
    async of(path) {
      const before = await stateOf(path);
      const kept = known.get(path);
      if (kept?.state === before) return kept.sha256;
      const sha256 = await digestFile(path);
      // A file that changed while it was read is read again the next time.
      if ((await stateOf(path)) === before) known.set(path, { state: before, sha256 });
      return sha256;
    },
    forget: (path) => void known.delete(path),
  };
}

async function stateOf(path: string): Promise<string> {
  try {
    await using handle = await open(path, 'r');
    const { dev, ino, size, mtimeNs, ctimeNs } = await handle.stat({ bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(':');
  } catch (error) {
    throw explainDisk(error, path);
  }
}

/** SHA-256 of a file, hex; memory stays flat whatever its size. */
export async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await using handle = await open(path, 'r');
    const stream = handle.createReadStream({ highWaterMark: 1024 * 1024, autoClose: false });
    for await (const piece of stream) hash.update(piece);
  } catch (error) {
    throw explainDisk(error, path);
  }
  return hash.digest('hex');
}
