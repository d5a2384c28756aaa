import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { LabError } from '../model/lab-error.ts';
import { hashOf } from './copy-source.ts';

/** Opens the folder that fetched files go to. What a host sends decides nothing about names: they are made of the inventory's name and the path that was asked for. */
export function openFetchFolder(folder: string): {
  find(host: string, remotePath: string): Promise<{ path: string; sha256: string } | undefined>;
  save(
    host: string,
    remotePath: string,
    content: AsyncIterable<Uint8Array>,
  ): Promise<{ path: string; bytes: number; sha256: string }>;
} {
  const placeOf = (host: string, remotePath: string) =>
    join(resolve(folder), localPathOf(host, remotePath));
  return {
    async find(host, remotePath) {
      const path = placeOf(host, remotePath);
      const sha256 = await hashOf(path).catch(() => undefined);
      return sha256 === undefined ? undefined : { path, sha256 };
    },
    save: (host, remotePath, content) => saveWhole(placeOf(host, remotePath), content),
  };
}

/** The place of a host's file below the folder: `<host>/<path>`, as Ansible's fetch names it. */
export function localPathOf(host: string, remotePath: string): string {
  const inHost = host.replace(/[^\p{L}\p{M}\p{N}._-]/gu, '_').replace(/^\.+/, '_');
  const drive = /^[A-Za-z]:[\\/]/.test(remotePath);
  const parts: string[] = [];
  for (const part of (drive ? remotePath.replace(':', '').replaceAll('\\', '/') : remotePath).split(
    '/',
  )) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return [inHost || '_', ...parts].join('/');
}

/** Streams into a file beside the place, then moves it there: a broken transfer leaves what was there before. */
async function saveWhole(
  path: string,
  content: AsyncIterable<Uint8Array>,
): Promise<{ path: string; bytes: number; sha256: string }> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const written = await write(temporary, content);
    await rename(temporary, path);
    return { path, ...written };
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw isSystemError(error) ? refusedHere(path, error) : error;
  }
}

async function write(path: string, content: AsyncIterable<Uint8Array>) {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const piece of content) {
      hash.update(piece);
      bytes += piece.length;
      await file.writeFile(piece);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'errno' in error;
}

function refusedHere(path: string, cause: Error): LabError {
  return new LabError(
    'failed',
    `${path} cannot be written: ${cause.message}`,
    'check space and permissions here',
    { cause },
  );
}
