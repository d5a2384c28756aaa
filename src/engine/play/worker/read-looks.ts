import { Buffer } from 'node:buffer';
import type { GroupState, PathState, Ran, UserState } from '../../../model/module.ts';
import { decodeOutput } from './host-words.ts';
import { type Barred, openFields, readPaths } from './read-paths.ts';
import type { Section } from './read-turn.ts';
import { sortLooks } from './render-turn.ts';
import { unreadable } from './shell-ended.ts';
import { type Hello, maxOutputBytes, type Turn } from './turn.ts';

/** The answer to one look. */
export type Answer = PathState | Barred | UserState | GroupState | Ran | undefined;

/** What a turn brought: what its actions left, and an answer for each look; `again` holds the looks that changed while they were looked at. */
export interface TurnResult {
  readonly ran: readonly Ran[];
  readonly answers: readonly Answer[];
  readonly again: ReadonlySet<number>;
  /** Something was left in the background that may print into what this shell answers from now on. */
  readonly isHeld: boolean;
}

/** Reads what a shell said of itself; a host without /proc/uptime counts from 1970. */
export function readHello({ stdout }: Section): Hello {
  const [date = '', uptime = '', id = '', home = ''] = decodeOutput(stdout).split('\n');
  const [, uid = '', user = ''] = /^uid=(\d+)(?:\(([^)]*)\))?/.exec(id) ?? [];
  const [now, up] = [Number.parseFloat(date) || 0, Number.parseFloat(uptime) || 0];
  const [, sign = '+', hours = '0', minutes = '0'] = / ([+-])(\d\d)(\d\d)$/.exec(date) ?? [];
  const ahead = Number(hours) * 60 + Number(minutes);
  return {
    user,
    uid: Number(uid),
    home,
    bootedAt: up > 1e9 ? 0 : now - up,
    utcOffsetMinutes: sign === '-' ? -ahead : ahead,
  };
}

/** Reads the sections of a turn but for the hello, in the order `renderTurn` gave them. Throws LabError 'failed' when they are not what was asked. */
export function readTurn(turn: Turn, sections: readonly Section[], hello: Hello): TurnResult {
  const count = turn.step?.actions.length ?? 0;
  const [steps, rest] = [sections.slice(0, count), sections.slice(count)];
  if (steps.length !== count) throw unreadable();
  const answers = readAnswers(turn, rest, hello);
  const isHeld = steps.some(({ held }) => held);
  // what was asked after it may hold lines of what was left in the background
  const again = [...answers.keys()].filter(
    (index) => isHeld || (answers[index] === undefined && turn.looks[index]?.probe.kind === 'path'),
  );
  const ran = steps.filter((section) => section.ran).map((section) => readRan(section, hello));
  return { ran, answers, again: new Set(again), isHeld };
}

function readAnswers(turn: Turn, rest: Section[], hello: Hello): Answer[] {
  const { paths, names, scripts } = sortLooks(turn.looks);
  const answers: Answer[] = turn.looks.map(() => undefined);
  if (paths.length > 0) {
    const probes = paths.map(({ probe }) => probe);
    const states = readPaths(probes, sectionOf(rest).stdout, turn.marker);
    for (const [place, { index }] of paths.entries()) answers[index] = states[place];
  }
  if (names.length > 0) {
    const field = openFields(sectionOf(rest).stdout, turn.marker);
    for (const { probe, index } of names)
      answers[index] =
        probe.kind === 'user'
          ? readUser(probe.name, textOf(field()), textOf(field()))
          : readGroup(probe.name, textOf(field()));
  }
  for (const { index } of scripts) answers[index] = readRan(sectionOf(rest), hello);
  return answers;
}

function sectionOf(rest: Section[]): Section {
  const section = rest.shift();
  if (section === undefined) throw unreadable();
  return section;
}

function textOf(bytes: Buffer): string {
  return decodeOutput(bytes).replace(/\n+$/, '');
}

/** A line of passwd(5), and the groups as `id -Gn` names them, the primary one first. */
function readUser(name: string, line: string, said: string): UserState | undefined {
  const [found, , uid, gid, comment = '', home = '', shell = ''] = line.split(':');
  if (found !== name || uid === undefined) return undefined;
  const [group = '', ...groups] = said.split(' ').filter(Boolean);
  return {
    name,
    uid: Number(uid),
    gid: Number(gid),
    group,
    comment,
    home,
    shell,
    groups: groups.sort(),
  };
}

/** A line of group(5). */
function readGroup(name: string, line: string): GroupState | undefined {
  const [found, , gid, members = ''] = line.split(':');
  if (found !== name || gid === undefined) return undefined;
  return { name, gid: Number(gid), members: members.split(',').filter(Boolean) };
}

function readRan(section: Section, { bootedAt, utcOffsetMinutes }: Hello): Ran {
  const { exitCode, startedAt, endedAt } = section;
  const stdoutBytes = cut(section.stdout);
  const lost =
    section.dropped +
    (section.stdout.length - stdoutBytes.length) +
    Math.max(0, section.stderr.length - maxOutputBytes);
  const note = lost > 0 ? `\n[${lost} more bytes were printed and not kept]\n` : '';
  // an uptime is smaller than any date
  const instant = (seconds: number) => (seconds < 1e9 ? bootedAt + seconds : seconds);
  return {
    exitCode,
    stdout: decodeOutput(stdoutBytes),
    stderr: decodeOutput(cut(section.stderr)) + note,
    stdoutBytes: Buffer.from(stdoutBytes),
    startedAt: instant(startedAt),
    endedAt: instant(endedAt),
    utcOffsetMinutes,
  };
}

function cut(bytes: Buffer): Buffer {
  return bytes.subarray(0, maxOutputBytes);
}
