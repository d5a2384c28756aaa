import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { LabError } from '../model/lab-error.ts';
import { writeFileWhole } from './write-file.ts';

/** A file as it was fetched. */
export interface FetchedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Opens the local folder for files fetched from hosts: each goes to FOLDER/<host>/<path on the host>, never outside. */
export function openFetchFolder(folder: string) {
  const placeOf = (host: string, remotePath: string): string => {
    const own = join(folder, host);
    const path = resolve(own, `.${sep}${remotePath.replaceAll('\\', '/')}`);
    const inside = dirname(own) === resolve(folder) && path.startsWith(`${own}${sep}`);
    if (!inside)
      throw new LabError('usage', `"${remotePath}" of ${host} would be written outside ${folder}`);
    return path;
  };
  return {
    async find(
      host: string,
      remotePath: string,
    ): Promise<{ path: string; sha256: string } | undefined> {
      const path = placeOf(host, remotePath);
      const found = await stat(path).catch(() => undefined);
      if (!found?.isFile()) return undefined;
      const hash = createHash('sha256');
      for await (const piece of createReadStream(path)) hash.update(piece);
      return { path, sha256: hash.digest('hex') };
    },
    async save(
      host: string,
      remotePath: string,
      content: AsyncIterable<Uint8Array>,
    ): Promise<FetchedFile> {
      const path = placeOf(host, remotePath);
      await mkdir(dirname(path), { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
        throw new LabError('environment', `cannot make ${dirname(path)}: ${cause.code}`, '', {
          cause,
        });
      });
      const hash = createHash('sha256');
      let bytes = 0;
      await writeFileWhole(
        path,
        (async function* () {
          for await (const piece of content) {
            hash.update(piece);
            bytes += piece.length;
            yield piece;
          }
        })(),
        { mode: 0o600 },
      );
      return { path, bytes, sha256: hash.digest('hex') };
    },
  };
}
