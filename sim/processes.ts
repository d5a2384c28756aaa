/** Reads /proc: whether a process is still the one that was written down, and who shares its PID namespace. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** When a process started, in clock ticks since boot (proc(5), stat, field 22); undefined where there is none, or a zombie. */
export function startTimeOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name that may hold spaces and parentheses.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** A process and when it started: a pid alone may be someone else's by now. */
export interface ProcessMark {
  readonly pid: number;
  readonly start: string;
}

/** Undefined where the process is gone already. */
export function markOf(pid: number): ProcessMark | undefined {
  const start = startTimeOf(pid);
  return start === undefined ? undefined : { pid, start };
}

/** Whether that very process still runs. */
export function isAlive(mark: ProcessMark): boolean {
  return startTimeOf(mark.pid) === mark.start;
}

function namespaceOf(pid: number | string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}

/** All processes in the PID namespace of a process, as this machine counts them; nested namespaces are not included. */
export function processesBeside(pid: number): number[] {
  const namespace = namespaceOf(pid);
  if (namespace === undefined) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && namespaceOf(name) === namespace)
    .map(Number);
}
