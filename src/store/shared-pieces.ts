import { type FileHandle, open } from 'node:fs/promises';

const pieceBytes = 256 * 1024;
/** Pieces kept for readers that come a little later: 32 MiB. */
const mostKept = 128;

/** Opens a large file for several readers at once. Those that keep step share what was read; one that falls far behind reads for itself. The file is open only while somebody reads. */
export function openSharedPieces(path: string): () => AsyncGenerator<Uint8Array> {
  const kept = new Map<number, Promise<Uint8Array>>();
  let file: Promise<FileHandle> | undefined;
  let readers = 0;

  const pieceAt = (index: number): Promise<Uint8Array> => {
    const known = kept.get(index);
    if (known) return known;
    file ??= open(path);
    const piece = file.then((handle) => readPiece(handle, index * pieceBytes));
    kept.set(index, piece);
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
    return piece;
  };
  const leave = async (): Promise<void> => {
    readers -= 1;
    if (readers > 0) return;
    const last = file;
    file = undefined;
    kept.clear();
    await last?.then((handle) => handle.close()).catch(() => {});
  };
  return async function* () {
    readers += 1;
    try {
      for (let index = 0; ; index++) {
        const piece = await pieceAt(index);
        if (piece.length > 0) yield piece;
        if (piece.length < pieceBytes) return;
      }
    } finally {
      await leave();
    }
  };
}

/** Shorter than a whole piece only at the end of the file. */
async function readPiece(handle: FileHandle, start: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(pieceBytes);
  let length = 0;
  while (length < pieceBytes) {
    const { bytesRead } = await handle.read(buffer, length, pieceBytes - length, start + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}
