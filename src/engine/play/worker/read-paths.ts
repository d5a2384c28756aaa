import { Buffer } from 'node:buffer';
import { isDynamicPath } from '../../../model/host-path.ts';
import type { PathProbe, PathState } from '../../../model/module.ts';
import { decodeOutput } from './host-words.ts';
import { readPlaces, statGroups, sumGroups } from './render-turn.ts';
import { unreadable } from './shell-ended.ts';

/** A path that could not be looked at, and why. */
export interface Barred {
  readonly path: string;
  readonly barred: string;
}

/** Takes the fields of a section one after another; each ends with a line of the marker and a comma. */
export function openFields(stdout: Buffer, marker: string) {
  const end = `\n${marker},\n`;
  let at = 0;
  return (): Buffer => {
    const found = stdout.indexOf(end, at);
    if (found < 0) throw unreadable();
    const field = stdout.subarray(at, found);
    at = found + end.length;
    return field;
  };
}

/** Reads what the section of all paths of a turn printed; undefined for one that changed while it was looked at. Throws LabError 'failed' when the answer is not whole. */
export function readPaths(
  probes: readonly PathProbe[],
  stdout: Buffer,
  marker: string,
): (PathState | Barred | undefined)[] {
  const looks = probes.map((probe) => ({ probe }));
  const field = openFields(stdout, marker);
  const names = probes.map(({ path }) => (isDynamicPath(path) ? decodeOutput(field()) : path));
  const states = probes.map((): PathState | Barred | undefined => undefined);
  for (const { flag, places } of statGroups(looks)) {
    const found = readStats(names, places, field);
    for (const [place, state] of found) states[place] = state;
    if (flag === 'L') continue;
    for (const place of places) {
      const state = states[place];
      if (state === undefined || 'barred' in state || state.kind !== 'link') continue;
      const [target, realPath] = [lineOf(field()), lineOf(field())];
      states[place] = { ...state, target, realPath };
    }
  }
  for (const { places } of sumGroups(looks)) readSums(states, places, field);
  for (const { place, limit } of readPlaces(looks)) readContent(states, place, limit, field());
  return states;
}

/** A line as a program printed it; the end of the line is its own. */
function lineOf(bytes: Buffer): string {
  return decodeOutput(bytes).replace(/\n$/, '');
}

function readStats(
  names: readonly string[],
  places: readonly number[],
  field: () => Buffer,
): Map<number, PathState | Barred> {
  const keys = field().toString('latin1');
  const lines = decodeOutput(field()).split('\n').filter(Boolean);
  const there = places.filter((_, index) => keys[index] === 'y');
  const found = new Map<number, PathState | Barred>();
  for (const [index, place] of places.entries()) {
    const path = names[place] ?? '';
    if (keys[index] === 'n') found.set(place, absentPath(path));
    if (keys[index] === 'd') found.set(place, { path, barred: 'permission denied' });
  }
  // fewer lines than paths: something went away meanwhile, and nobody can tell which
  if (lines.length !== there.length) return found;
  for (const [index, place] of there.entries()) {
    const state = readStat(names[place] ?? '', lines[index] ?? '');
    if (state) found.set(place, state);
  }
  return found;
}

/** The state of a path where nothing is. */
export function absentPath(path: string): PathState {
  return {
    path,
    kind: 'absent',
    mode: 0,
    uid: 0,
    gid: 0,
    owner: '',
    group: '',
    size: 0,
    inode: 0,
    device: 0,
    links: 0,
    mtime: 0,
    atime: 0,
    ctime: 0,
    target: '',
    realPath: '',
    checksum: '',
  };
}

/** Types of files by the upper bits of the mode (inode(7)). */
const kinds = new Map<number, PathState['kind']>([
  [0o14, 'socket'],
  [0o12, 'link'],
  [0o10, 'file'],
  [0o6, 'block'],
  [0o4, 'directory'],
  [0o2, 'char'],
  [0o1, 'fifo'],
]);

function readStat(path: string, line: string): PathState | undefined {
  const words = line.split(' ');
  const bits = Number.parseInt(words[0] ?? '', 16);
  const kind = kinds.get(bits >> 12);
  if (kind === undefined || words.length < 12) return undefined;
  const numberAt = (index: number) => Number(words[index]) || 0;
  const nameAt = (index: number) => (words[index] === 'UNKNOWN' ? '' : (words[index] ?? ''));
  const links = numberAt(6);
  return {
    ...absentPath(path),
    kind: kind === 'file' && links > 1 ? 'hard' : kind,
    mode: bits & 0o7777,
    uid: numberAt(1),
    gid: numberAt(2),
    size: numberAt(3),
    inode: numberAt(4),
    device: numberAt(5),
    links,
    mtime: numberAt(7),
    atime: numberAt(8),
    ctime: numberAt(9),
    owner: nameAt(10),
    group: nameAt(11),
  };
}

type States = (PathState | Barred | undefined)[];

/** True for what has bytes of its own. */
function isRegular(state: PathState | Barred | undefined): state is PathState {
  return (
    state !== undefined && !('barred' in state) && (state.kind === 'file' || state.kind === 'hard')
  );
}

function readSums(states: States, places: readonly number[], field: () => Buffer): void {
  const keys = field().toString('latin1');
  const sums = field()
    .toString('latin1')
    .split('\n')
    .flatMap((line) => /^\\?([0-9a-f]{32,128}) [ *]/.exec(line)?.[1] ?? []);
  const there = places.filter((_, index) => keys[index] === 'y');
  if (sums.length !== there.length) {
    // a program that is missing says nothing at all: then there are no digests, else something changed meanwhile
    if (sums.length > 0) for (const place of there) states[place] = undefined;
    return;
  }
  for (const [index, place] of there.entries()) {
    const state = states[place];
    if (isRegular(state)) states[place] = { ...state, checksum: sums[index] ?? '' };
  }
}

function readContent(states: States, place: number, limit: number, bytes: Buffer): void {
  const state = states[place];
  const isRead = bytes[0] === 0x79;
  if (!isRead || !isRegular(state) || bytes.length - 1 > limit) return;
  states[place] = { ...state, content: Buffer.from(bytes.subarray(1)) };
}
