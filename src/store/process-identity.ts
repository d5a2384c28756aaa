import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** A process as another one can recognise it later. Fields are '' where the system does not tell. */
export interface Process {
  readonly host: string;
  readonly machineId: string;
  /** Changes with every start of the system (random(4)). */
  readonly bootId: string;
  /** Tells containers apart: the same number means another process in each (pid_namespaces(7)). */
  readonly pidNamespace: string;
  readonly pid: number;
  /** Clock ticks from boot to the process's start (proc_pid_stat(5), field 22): tells a reused number from the same process. */
  readonly startTicks: string;
}

let known: Process | undefined;

/** The process we are. */
export async function thisProcess(): Promise<Process> {
  known ??= {
    host: hostname(),
    machineId: await textOf('/etc/machine-id'),
    bootId: await textOf('/proc/sys/kernel/random/boot_id'),
    pidNamespace: await readlink('/proc/self/ns/pid').catch(() => ''),
    pid: process.pid,
    startTicks: (await statOf(process.pid))?.startTicks ?? '',
  };
  return known;
}

/** Whether both ran on one machine, so that one can tell whether the other is alive. */
export function isSameMachine(one: Process, other: Process): boolean {
  return one.host === other.host && one.machineId === other.machineId;
}

/** Whether a process of this machine has certainly ended. In doubt (another container, a system that does not tell) it has not. */
export async function processIsGone(other: Process): Promise<boolean> {
  const here = await thisProcess();
  if (other.bootId !== here.bootId) return other.bootId !== '' && here.bootId !== '';
  if (other.pidNamespace !== here.pidNamespace) return false;
  if (here.startTicks === '') return !answers(other.pid);
  const found = await statOf(other.pid);
  if (found === undefined) return !answers(other.pid);
  return found.startTicks !== other.startTicks || found.state === 'Z' || found.state === 'X';
}

async function statOf(pid: number): Promise<{ state: string; startTicks: string } | undefined> {
  const line = await textOf(`/proc/${pid}/stat`);
  // The second field is the program's name in brackets and may hold anything.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return line === '' ? undefined : { state: fields[0] ?? '', startTicks: fields[19] ?? '' };
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function textOf(path: string): Promise<string> {
  return (await readFile(path, 'utf8').catch(() => '')).trim();
}
