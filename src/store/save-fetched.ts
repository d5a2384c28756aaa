import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LabError } from '../model/lab-error.ts';
import { writeFileWhole } from './write-file.ts';

/** Writes what the `fetch` module brought, whole or not at all, with its folders; a new file is for its owner only. */
export async function saveFetched(
  path: string,
  content: AsyncIterable<Uint8Array>,
): Promise<{ sha1: string; size: number }> {
  await mkdir(dirname(path), { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new LabError('failed', `cannot make ${dirname(path)}: ${cause.code}`, '', { cause });
  });
  const hash = createHash('sha1');
  let size = 0;
  async function* counted() {
    for await (const piece of content) {
      hash.update(piece);
      size += piece.length;
      yield piece;
    }
  }
  await writeFileWhole(path, counted(), { mode: 0o600 });
  return { sha1: hash.digest('hex'), size };
}

/** SHA-1 of a file of the controller, by which Ansible compares; undefined when there is none. */
export async function sha1Here(path: string): Promise<string | undefined> {
  const hash = createHash('sha1');
  try {
    for await (const piece of createReadStream(path) as AsyncIterable<Uint8Array>)
      hash.update(piece);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new LabError('failed', `cannot read ${path}: ${code}`, '', { cause: error });
  }
  return hash.digest('hex');
}
