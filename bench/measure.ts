/** Runs one command in the room's network and says what it cost. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../sim/run-program.ts';
import type { Sim } from '../sim/types.ts';
import type { Contender, Sample } from './types.ts';

// bash's `time` counts in milliseconds by getrusage(2), GNU time only in hundredths of a second, but it knows the memory.
const script = `TIMEFORMAT='%3R %3U %3S'
{ time /usr/bin/time --quiet -f %M -o "$0/peak" "$@" >"$0/stdout" 2>"$0/stderr" </dev/null; } 2>"$0/times"`;

/** Measures one execution. Throws when the command did not do its work, or left processes behind whose time nobody counted. */
export async function measure(
  sim: Sim,
  contender: Contender,
  scratch: string,
  env: Readonly<Record<string, string>>,
): Promise<Sample> {
  await contender.prepare?.();
  const mark = `${process.pid}-${performance.now()}`;
  const { exitCode } = await sim.exec(['bash', '-c', script, scratch, ...contender.argv], {
    env: { ...env, LABKIT_BENCH: mark },
    cwd: scratch,
  });
  const read = (name: string) => readFileSync(join(scratch, name), 'utf8');
  if (!(contender.exitCodes ?? [0]).includes(exitCode))
    throw new Error(`exit code ${exitCode}: ${lastLines(read('stderr') || read('stdout'))}`);
  const left = processesMarked(`LABKIT_BENCH=${mark}`);
  if (left.length > 0) throw new Error(`left processes behind, not counted: ${left.join(' ')}`);
  const extra = (await contender.inspect?.(read('stdout'))) ?? {};
  return { ...parseTimes(read('times'), read('peak')), exitCode, extra };
}

/** Reads what bash (`wall user system`) and GNU time (KiB) wrote. */
export function parseTimes(
  times: string,
  peak: string,
): Pick<Sample, 'wallSeconds' | 'cpuSeconds' | 'peakMiB'> {
  const [wall, user, system] = (times.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  const kib = Number(peak.trim().split('\n').at(-1));
  if (wall === undefined || user === undefined || system === undefined || Number.isNaN(wall + kib))
    throw new Error(`unreadable measurement: ${times.trim()} / ${peak.trim()}`);
  return { wallSeconds: wall, cpuSeconds: user + system, peakMiB: kib / 1024 };
}

/** Ends a short text: what a program said last. */
function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join(' | ').slice(0, 400);
}

function processesMarked(mark: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(mark);
    } catch {
      return false;
    }
  });
}

/** Prepares `runProgram` calls inside PCs: throws with what a PC said. */
export async function insideAll(
  sim: Sim,
  hosts: readonly string[],
  argv: readonly string[],
): Promise<string[]> {
  return Promise.all(
    hosts.map(async (host) => {
      const { exitCode, stdout, stderr } = await sim.inside(host, argv);
      if (exitCode !== 0) throw new Error(`${host}: ${argv.join(' ')}: ${lastLines(stderr)}`);
      return stdout;
    }),
  );
}

/** What a program prints, on one line; '' when it cannot be run. */
export async function firstLineOf(argv: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runProgram(argv);
  return exitCode === 127 ? '' : ((stdout || stderr).trim().split('\n')[0] ?? '');
}
