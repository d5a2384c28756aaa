import { type Command, type Script, sh } from '../../../model/command.ts';
import type { PathState } from '../../../model/module.ts';
import type { FileArgs } from './file-args.ts';

/** A time that a file shall get: as it is, the host's now, or an instant written in the host's own time zone. */
export type WishedTime = 'preserve' | 'now' | Instant;

/** Year, month, day, hour, minute, second. */
export type Instant = readonly [number, number, number, number, number, number];

export interface WishedTimes {
  readonly mtime: WishedTime;
  readonly atime: WishedTime;
}

/** Reads what a task says of times; touched files get now, all others keep theirs. */
export function readTimes(
  args: FileArgs,
  state: string,
): WishedTimes | { readonly problem: string } {
  const usual = state === 'touch' ? 'now' : 'preserve';
  const mtime = readTime(args.modification_time ?? usual, args.modification_time_format);
  const atime = readTime(args.access_time ?? usual, args.access_time_format);
  if (typeof mtime === 'object' && 'problem' in mtime) return mtime;
  if (typeof atime === 'object' && 'problem' in atime) return atime;
  return { mtime, atime };
}

const parts: { readonly [letter: string]: readonly [place: number, pattern: string] } = {
  Y: [0, '(\\d{4})'],
  y: [0, '(\\d{2})'],
  m: [1, '(\\d{1,2})'],
  d: [2, '(\\d{1,2})'],
  H: [3, '(\\d{1,2})'],
  M: [4, '(\\d{1,2})'],
  S: [5, '(\\d{1,2})'],
};

function readTime(text: string, format: string): WishedTime | { readonly problem: string } {
  if (text === 'preserve' || text === 'now') return text;
  const places: number[] = [];
  const expanded = format.replaceAll('%T', '%H:%M:%S').replaceAll('%F', '%Y-%m-%d');
  const pattern = expanded.replace(/%(.)|[\s\S]/g, (whole, letter: string | undefined) => {
    const part = letter === undefined ? undefined : parts[letter];
    if (!part) return (letter ?? whole).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    places.push(part[0]);
    return part[1];
  });
  const match = new RegExp(`^${pattern}$`).exec(text);
  const problem = `Error while obtaining timestamp for time ${text} using format ${format}`;
  if (!match) return { problem };
  const fields: [number, number, number, number, number, number] = [1900, 1, 1, 0, 0, 0];
  for (const [index, place] of places.entries()) fields[place] = Number(match[index + 1]);
  if (fields[0] < 100) fields[0] += fields[0] < 69 ? 2000 : 1900;
  const [, month, day, hour, minute, second] = fields;
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= 31;
  return isDate && hour < 24 && minute < 60 && second < 62 ? fields : { problem };
}

/** Whether such times can leave a file as it is; instants are compared once the host said what they are. */
export function keepsTimes(times: WishedTimes): boolean {
  return times.mtime === 'preserve' && times.atime === 'preserve';
}

/** Asks the host what instants are in seconds since 1970: one line for the modification time, one for the access time, empty where none is given. */
export function secondsScript({ mtime, atime }: WishedTimes): Command {
  return sh`${secondsLine(mtime)}
${secondsLine(atime)}`;
}

function secondsLine(time: WishedTime): Script {
  if (typeof time === 'string') return { script: 'echo' };
  return { script: sh`date -d ${isoOf(time)} +%s || echo`.script };
}

const two = (value: number): string => String(value).padStart(2, '0');

function isoOf([year, month, day, hour, minute, second]: Instant): string {
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`;
}

/** What the host answered. */
export interface Seconds {
  readonly mtime: number | undefined;
  readonly atime: number | undefined;
}

export function readSeconds(stdout: string): Seconds {
  const [mtime = '', atime = ''] = stdout.split('\n');
  return {
    mtime: mtime === '' ? undefined : Number(mtime),
    atime: atime === '' ? undefined : Number(atime),
  };
}

/** Whether a path has to be touched, as Ansible judges it: now always, an instant when it is another one. */
export function differsInTime(state: PathState, times: WishedTimes, seconds: Seconds): boolean {
  return (
    times.mtime === 'now' ||
    times.atime === 'now' ||
    (seconds.mtime !== undefined && seconds.mtime !== state.mtime) ||
    (seconds.atime !== undefined && seconds.atime !== state.atime)
  );
}

/** Gives `"$lab_path"` its times. */
export function touchLines({ mtime, atime }: WishedTimes): string {
  if (mtime === 'now' && atime === 'now') return 'touch -c -- "$lab_path" || exit 69';
  return [touchLine('-m', mtime), touchLine('-a', atime)].filter(Boolean).join('\n');
}

function touchLine(flag: string, time: WishedTime): string {
  if (time === 'preserve') return '';
  const instant = typeof time === 'string' ? '' : sh` -d ${isoOf(time)}`.script;
  return `touch -c ${flag}${instant} -- "$lab_path" || exit 69`;
}
