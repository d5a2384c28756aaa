/** Reads every process's command line and environment over and over, beside the test's own work, until it is told to stop. */
import { readdirSync, readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

const { texts, stop, pauseMs } = workerData as {
  readonly texts: readonly string[];
  /** Not 0 any more: stop. */
  readonly stop: Int32Array;
  readonly pauseMs: number;
};
const found = new Map<string, { text: string; file: string; process: string }>();
let rounds = 0;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function lookAt(pid: string, file: 'cmdline' | 'environ'): void {
  const said = read(`/proc/${pid}/${file}`);
  if (said === '') return;
  for (const text of texts)
    if (said.includes(text)) {
      const process = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
      found.set(`${text} ${file} ${process}`, { text, file, process });
    }
}

while (Atomics.load(stop, 0) === 0) {
  const own = String(process.pid);
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid) || pid === own) continue;
    lookAt(pid, 'cmdline');
    lookAt(pid, 'environ');
  }
  rounds += 1;
  Atomics.wait(stop, 0, 0, pauseMs);
}
parentPort?.postMessage({ rounds, found: [...found.values()] });
