import { createHash } from 'node:crypto';

/** Bytes of a chunk of an image: small enough that a target keeps three in memory, big enough that asking costs nothing. */
export const chunkBytes = 16 * 1024 * 1024;

/** What was counted of a stream, in the shape of an image file. */
export interface Measured {
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  readonly chunks: readonly string[];
}

/** Takes the bytes of a file in order and digests the whole and each chunk; keeps none of them. */
export interface Measuring {
  add(piece: Uint8Array): void;
  end(): Measured;
}

/** Begins to measure a file cut into chunks of `size` bytes. */
export function startMeasuring(size: number): Measuring {
  const whole = createHash('sha256');
  const chunks: string[] = [];
  let chunk = createHash('sha256');
  let filled = 0;
  let bytes = 0;
  return {
    add(piece) {
      whole.update(piece);
      bytes += piece.length;
      for (let at = 0; at < piece.length; ) {
        const part = piece.subarray(at, at + size - filled);
        chunk.update(part);
        at += part.length;
        filled += part.length;
        if (filled < size) continue;
        chunks.push(chunk.digest('hex'));
        chunk = createHash('sha256');
        filled = 0;
      }
    },
    end() {
      if (filled > 0) chunks.push(chunk.digest('hex'));
      return { bytes, sha256: whole.digest('hex'), chunks };
    },
  };
}

/** Measures what comes out of a stream. */
export async function measureStream(
  stream: AsyncIterable<Uint8Array>,
  size: number,
): Promise<Measured> {
  const measuring = startMeasuring(size);
  for await (const piece of stream) measuring.add(piece);
  return measuring.end();
}
