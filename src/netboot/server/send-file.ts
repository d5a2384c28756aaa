import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseRange } from './parse-range.ts';

/** A file of the fixed map: where it lies, how long it must be, and its SHA-256 (hex), which is its entity tag. */
export interface ServedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

const streamBytes = 256 * 1024;

/** Sends a file or a range of it (RFC 9110, 13.1.5 and 14) as the client takes it, never more than a few hundred KiB ahead. Symbolic links and files whose length changed are not sent: the reason is returned instead, '' when the file is on its way. */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: ServedFile,
): Promise<string> {
  const opened = await openPlain(file);
  if (typeof opened === 'string') return opened;
  const tag = `"${file.sha256}"`;
  const condition = request.headers['if-range'];
  const isSame = condition === undefined || condition === tag;
  const header = isSame ? request.headers.range : undefined;
  const range = parseRange(header, file.bytes);
  void reply.header('accept-ranges', 'bytes').header('etag', tag).type('application/octet-stream');
  if (range === 'unsatisfiable') {
    await opened.close();
    void reply.code(416).header('content-range', `bytes */${file.bytes}`).send('');
    return '';
  }
  const { first, last } = range === 'whole' ? { first: 0, last: file.bytes - 1 } : range;
  if (range !== 'whole')
    void reply.code(206).header('content-range', `bytes ${first}-${last}/${file.bytes}`);
  void reply.header('content-length', last - first + 1);
  if (request.method === 'HEAD' || file.bytes === 0) {
    await opened.close();
    void reply.send('');
    return '';
  }
  const stream = opened.createReadStream({ start: first, end: last, highWaterMark: streamBytes });
  void reply.send(stream);
  return '';
}

async function openPlain(file: ServedFile): Promise<FileHandle | string> {
  let handle: FileHandle;
  try {
    handle = await open(file.path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    return `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`;
  }
  const found = await handle.stat();
  if (found.isFile() && found.size === file.bytes) return handle;
  await handle.close();
  return found.isFile()
    ? `has ${found.size} bytes, ${file.bytes} were expected`
    : 'is no plain file';
}
