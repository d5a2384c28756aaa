/** Runs programs in the network of a room's controller, in its supervisor's mounts, or inside one PC. */
import { runProgram } from './run-program.ts';
import type { Finished, RunOptions } from './types.ts';

/** The machine's files, the room's network. */
export function runInNetwork(
  pid: number,
  argv: readonly string[],
  options?: RunOptions,
): Promise<Finished> {
  return runProgram(['nsenter', `--net=/proc/${pid}/ns/net`, '--', ...argv], options);
}

/** The room's network and mounts: where the PCs' disks can be seen. */
export function runBesideSupervisor(pid: number, argv: readonly string[]): Promise<Finished> {
  return runProgram(['nsenter', '--target', String(pid), '--mount', '--net', '--', ...argv]);
}

/** A root shell's world inside a PC, past its network and its SSH server. */
export function runInsidePc(
  pid: number,
  argv: readonly string[],
  options?: RunOptions,
): Promise<Finished> {
  const enter = [
    'nsenter',
    '--target',
    String(pid),
    '--mount',
    '--uts',
    '--ipc',
    '--net',
    '--pid',
    '--wd',
  ];
  const environment = [
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    'HOME=/root',
    'LC_ALL=C.UTF-8',
    `TERM=${process.env['TERM'] ?? 'dumb'}`,
  ];
  return runProgram([...enter, '--', '/usr/bin/env', '-i', ...environment, ...argv], options);
}
