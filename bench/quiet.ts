/** Looks at how busy the machine is with other work, and waits for it to fall. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** How busy the machine was before a round, while the benchmark itself did nothing. */
export interface Busyness {
  /** Part of all cores' time that others used: 0 to 1. */
  readonly othersShare: number;
  /** The first figure of /proc/loadavg; holds our own rounds as well. */
  readonly load: number;
}

const sampleMs = 400;
const quietShare = 0.2;
const longestWaitMs = 60_000;

/** Reads the first line of /proc/stat (proc(5)): jiffies of all cores. */
export function parseCpuTimes(stat: string): { readonly busy: number; readonly all: number } {
  const fields = (stat.split('\n')[0] ?? '').trim().split(/\s+/).slice(1, 9).map(Number);
  const all = fields.reduce((sum, each) => sum + each, 0);
  return { busy: all - (fields[3] ?? 0) - (fields[4] ?? 0), all };
}

/** Opens a patience that waits before rounds until others use less than a fifth of the machine: a minute at most each, two minutes in all. */
export function openPatience(inAllMs = 120_000): () => Promise<Busyness> {
  let leftMs = inAllMs;
  return async () => {
    const startedMs = performance.now();
    const deadline = startedMs + Math.min(longestWaitMs, leftMs);
    for (;;) {
      const othersShare = await sampleShare();
      const load = Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]);
      if (othersShare <= quietShare || performance.now() >= deadline) {
        leftMs -= performance.now() - startedMs;
        return { othersShare, load };
      }
      await sleep(1_000);
    }
  };
}

async function sampleShare(): Promise<number> {
  const before = parseCpuTimes(readFileSync('/proc/stat', 'utf8'));
  await sleep(sampleMs);
  const after = parseCpuTimes(readFileSync('/proc/stat', 'utf8'));
  return (after.busy - before.busy) / Math.max(1, after.all - before.all);
}
