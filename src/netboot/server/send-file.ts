import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseRange } from './parse-range.ts';

/** A file of the fixed map: where it lies, how long it must be, and its SHA-256 (hex), which is its entity tag. */
export interface ServedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Why a file is not sent: it cannot be read, or is not what was prepared. */
export interface FileTrouble {
  readonly kind: 'unreadable' | 'altered';
  readonly reason: string;
}

const pieceBytes = 256 * 1024;

/** Sends a file or a range of it (RFC 9110, 13.1.5 and 14) as the client takes it, never more than a few hundred KiB ahead. Symbolic links and files whose length changed are not sent: why is returned instead, nothing when the file is on its way. */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: ServedFile,
): Promise<FileTrouble | undefined> {
  const opened = await openPlain(file);
  if ('reason' in opened) return opened;
  const tag = `"${file.sha256}"`;
  const condition = request.headers['if-range'];
  const isSame = condition === undefined || condition === tag;
  const header = isSame ? request.headers.range : undefined;
  const range = parseRange(header, file.bytes);
  void reply.header('accept-ranges', 'bytes').header('etag', tag).type('application/octet-stream');
  if (range === 'unsatisfiable') {
    await opened.close();
    void reply.code(416).header('content-range', `bytes */${file.bytes}`).send('');
    return undefined;
  }
  const { first, last } = range === 'whole' ? { first: 0, last: file.bytes - 1 } : range;
  if (range !== 'whole')
    void reply.code(206).header('content-range', `bytes ${first}-${last}/${file.bytes}`);
  void reply.header('content-length', last - first + 1);
  if (request.method === 'HEAD' || file.bytes === 0) {
    await opened.close();
    void reply.send('');
    return undefined;
  }
  reply.hijack();
  reply.raw.writeHead(reply.statusCode, reply.getHeaders() as OutgoingHttpHeaders);
  void pump(opened, reply.raw, first, last);
  return undefined;
}

/** Sends bytes through one buffer that is filled anew when the socket has taken it: a stream's buffers, one for each piece, wait for the collector by the hundred megabytes. A file that ends early, or a client that hangs up, ends the connection. */
async function pump(
  file: FileHandle,
  out: ServerResponse,
  first: number,
  last: number,
): Promise<void> {
  const buffer = Buffer.allocUnsafeSlow(Math.min(pieceBytes, last - first + 1));
  try {
    for (let at = first; at <= last; ) {
      const wanted = Math.min(buffer.length, last - at + 1);
      const { bytesRead } = await file.read(buffer, 0, wanted, at);
      if (bytesRead === 0) throw new Error('the file ended early');
      await write(out, buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
    out.end();
  } catch {
    out.destroy();
  } finally {
    await file.close();
  }
}

function write(out: ServerResponse, piece: Uint8Array): Promise<void> {
  return new Promise((done, fail) => {
    const hangUp = () => fail(new Error('the client hung up'));
    if (out.destroyed) return hangUp();
    out.once('close', hangUp);
    out.write(piece, (error) => {
      out.off('close', hangUp);
      if (error) fail(error);
      else done();
    });
  });
}

async function openPlain(file: ServedFile): Promise<FileHandle | FileTrouble> {
  let handle: FileHandle;
  try {
    handle = await open(file.path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return { kind: 'unreadable', reason: `cannot be read (${code})` };
  }
  const found = await handle.stat();
  if (found.isFile() && found.size === file.bytes) return handle;
  await handle.close();
  const reason = found.isFile()
    ? `has ${found.size} bytes, ${file.bytes} were expected`
    : 'is no plain file';
  return { kind: 'altered', reason };
}
