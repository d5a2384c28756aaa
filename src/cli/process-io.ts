import type { Io, Out } from './io.ts';

/** The real process as `Io`. A reader that went away (`lab ... | head`) misses the rest; the work goes on and the exit code stays true. */
export function openProcessIo(programFolder: string): Io {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  return {
    stdout: outOf(process.stdout),
    stderr: outOf(process.stderr),
    interactive: process.stdin.isTTY === true && process.stderr.isTTY === true,
    env: process.env,
    cwd: process.cwd(),
    readInput,
    programFolder,
    now: () => Date.now(),
    onInterrupt(listener) {
      const signals = ['SIGINT', 'SIGTERM'] as const;
      for (const signal of signals) process.on(signal, listener);
      return () => {
        for (const signal of signals) process.off(signal, listener);
      };
    },
  };
}

function outOf(stream: NodeJS.WriteStream): Out {
  return {
    write(text) {
      stream.write(text);
    },
    isTTY: stream.isTTY === true,
    columns: () => (stream.isTTY ? stream.columns : undefined),
    rows: () => (stream.isTTY ? stream.rows : undefined),
    onResize(listener) {
      stream.on('resize', listener);
      return () => stream.off('resize', listener);
    },
  };
}

async function readInput(): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of process.stdin) pieces.push(piece as Uint8Array);
  return Buffer.concat(pieces);
}
