import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** A text in a process's command line or environment (proc(5)). */
export interface Sighting {
  readonly text: string;
  readonly file: 'cmdline' | 'environ';
  /** The command line. */
  readonly process: string;
}

/** Looks for texts in every process of this machine, also those of simulated PCs, every 5 ms and the time one look takes; `stop` answers what was seen. */
export function watchProcesses(texts: readonly string[]): {
  stop(): Promise<{ readonly rounds: number; readonly found: readonly Sighting[] }>;
} {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const program = new URL('programs/watch-processes.ts', import.meta.url);
  const worker = new Worker(program, { workerData: { texts, stop, pauseMs: 5 } });
  const ended = once(worker, 'message');
  return {
    async stop() {
      Atomics.store(stop, 0, 1);
      const [said] = await ended;
      return said;
    },
  };
}
