import type { ModuleResult, Ran } from '../../../model/module.ts';
import type { Value } from '../../../model/value.ts';

/** Lines as Python's `str.splitlines` counts them. */
export function linesOf(text: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: where Python's str.splitlines ends a line
  const lines = text.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** The two outputs with their lines, as every module of Ansible that runs something returns them. */
export function outputValues(stdout: string, stderr: string) {
  return { stdout, stderr, stdout_lines: linesOf(stdout), stderr_lines: linesOf(stderr) };
}

/** What a command left, as `command` and `shell` return it. */
export function commandResult(ran: Ran, cmd: Value, strips: boolean): ModuleResult {
  const strip = (text: string) => (strips ? text.replace(/[\r\n]+$/, '') : text);
  const { exitCode, startedAt, endedAt, utcOffsetMinutes = 0 } = ran;
  // a shell says 128 + N of a program that a signal ended, Python -N
  const isFailed = exitCode !== 0;
  return {
    changed: true,
    ...(isFailed && { failed: true }),
    msg: isFailed ? 'non-zero return code' : '',
    values: {
      cmd,
      rc: exitCode,
      start: instantOf(startedAt, utcOffsetMinutes),
      end: instantOf(endedAt, utcOffsetMinutes),
      delta: spanOf(endedAt - startedAt),
      ...outputValues(strip(ran.stdout), strip(ran.stderr)),
    },
  };
}

/** A moment in the host's own time, as Python prints a datetime. */
function instantOf(seconds: number, utcOffsetMinutes: number): string {
  const ms = Math.floor((seconds + utcOffsetMinutes * 60) * 1000);
  const micros = String(Math.floor(seconds * 1e6) % 1_000_000).padStart(6, '0');
  const [day = '', time = ''] = new Date(ms).toISOString().split('T');
  return `${day} ${time.slice(0, 8)}.${micros}`;
}

/** A length of time, as Python prints a timedelta. */
function spanOf(seconds: number): string {
  const micros = Math.max(0, Math.round(seconds * 1e6));
  const whole = Math.floor(micros / 1e6);
  const two = (part: number) => String(part).padStart(2, '0');
  const clock = `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return `${clock}.${String(micros % 1e6).padStart(6, '0')}`;
}
