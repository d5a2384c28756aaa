import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { LabError } from '../../model/lab-error.ts';
import { type Measured, startMeasuring } from '../chunks.ts';

/** Packs a root into `file` as tar.zst, in the order of names, with owners as numbers, attributes and ACLs; measures it on its way. The file is on the disk when it returns. Throws LabError 'environment'. */
export async function packRoot(
  root: string,
  file: string,
  options: { readonly chunkBytes: number; readonly signal?: AbortSignal },
): Promise<Measured & { readonly contentBytes: number }> {
  const stop = options.signal === undefined ? {} : { signal: options.signal };
  const tar = spawn('tar', [...tarArgs, '--directory', root, '.'], { stdio: 'pipe', ...stop });
  const zstd = spawn('zstd', zstdArgs, { stdio: 'pipe', ...stop });
  tar.stdin.end();
  let contentBytes = 0;
  tar.stdout.on('data', (piece: Uint8Array) => {
    contentBytes += piece.length;
  });
  const measuring = startMeasuring(options.chunkBytes);
  const measured = async function* (pieces: AsyncIterable<Uint8Array>) {
    for await (const piece of pieces) {
      measuring.add(piece);
      yield piece;
    }
  };
  await Promise.all([
    ended('tar', tar),
    ended('zstd', zstd),
    pipeline(tar.stdout, zstd.stdin),
    pipeline(zstd.stdout, measured, createWriteStream(file, { flags: 'wx', mode: 0o644 })),
  ]).catch((error: unknown) => {
    tar.kill('SIGKILL');
    zstd.kill('SIGKILL');
    throw explain(error, file);
  });
  await using handle = await open(file, 'r');
  await handle.sync();
  return { ...measuring.end(), contentBytes };
}

/** Without zstd's own checksum: each chunk has its SHA-256, and a PC's processor is what an installation waits for. */
const zstdArgs = ['-T0', '-9', '--no-check', '--quiet', '--stdout'];

const tarArgs = [
  '--create',
  // Without them the archive would hold when each file was read, and by which process.
  '--format=posix',
  '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime',
  '--sort=name',
  '--numeric-owner',
  '--xattrs',
  '--xattrs-include=*',
  '--acls',
  '--one-file-system',
];

async function ended(name: string, child: ReturnType<typeof spawn>): Promise<void> {
  let said = '';
  child.stderr?.on('data', (piece) => {
    said = (said + String(piece)).slice(-4096);
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new LabError('environment', `${name} failed (${code})`, said.trim());
}

function explain(error: unknown, file: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new LabError('environment', `cannot write ${file}: the disk is full`, 'free some space');
  if (code === 'ENOENT')
    return new LabError('environment', 'tar or zstd is missing', 'apt-get install tar zstd');
  return error;
}
