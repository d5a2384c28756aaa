/** Keeps the beginning of a stream of bytes, and counts what came beyond. */
export interface Collector {
  push(bytes: Uint8Array): void;
  /** What was kept, in memory of its own. */
  bytes(): Uint8Array;
  dropped(): number;
}

/** Opens a collector of at most `limit` bytes; it copies, so that a tiny piece does not keep a large network buffer alive. */
export function openCollector(limit: number): Collector {
  let buffer = new Uint8Array(0);
  let length = 0;
  let droppedBytes = 0;
  const grow = (wanted: number) => {
    if (wanted <= buffer.length) return;
    const larger = new Uint8Array(Math.min(limit, Math.max(wanted, buffer.length * 2, 256)));
    larger.set(buffer.subarray(0, length));
    buffer = larger;
  };
  return {
    push(bytes) {
      const kept = Math.min(bytes.length, limit - length);
      droppedBytes += bytes.length - kept;
      if (kept === 0) return;
      grow(length + kept);
      buffer.set(kept === bytes.length ? bytes : bytes.subarray(0, kept), length);
      length += kept;
    },
    bytes: () => buffer.subarray(0, length),
    dropped: () => droppedBytes,
  };
}
