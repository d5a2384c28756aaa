import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  type Stats,
} from 'node:fs';
import { basePath, loadMirror } from '../../sim/base.ts';
import type { Sim } from '../../sim/types.ts';

/** What a PC's disk has that its base has not, by path: `file 0644 0:0 "TEXT"` (a long or binary file: its size and digest), `folder ...`, `link -> TARGET`, or `removed`. */
export type Tree = ReadonlyMap<string, string>;

/** Paths that tell nothing about a playbook, each with its reason; a folder stands for all below it. */
export const untold: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^\/(?:root|home\/\w+)\/\.ansible(?:_async)?$/, "where Ansible's modules and jobs lie"],
  [/^\/tmp\/ansible_/, "what a module of Ansible's that was killed leaves behind"],
  [/^\/var\/log$/, 'logs hold times'],
  [/^\/run$/, 'process numbers and locks, gone at the next start'],
  [/^\/etc\/ssh\/ssh_host_/, 'made anew for every room'],
  [/^\/var\/cache\/(?:apt|ldconfig|man)$/, 'caches, made from what is compared'],
  [/^\/var\/lib\/apt\/periodic$/, 'stamps of time'],
  [/\/__pycache__$/, "Python's caches of programs"],
];

/** The tree of a PC of a raised room. */
export function treeOfPc(sim: Sim, host: string): Tree {
  const upper = `/proc/${sim.supervisorPid}/root${sim.folder}/ram/${host}/upper`;
  const lower = [`${sim.folder}/layer`, basePath(loadMirror())];
  const found = new Map<string, string>();
  const walk = (folder: string) => {
    for (const name of readdirSync(`${upper}${folder}`).sort()) {
      const path = `${folder}/${name}`;
      if (untold.some(([pattern]) => pattern.test(path))) continue;
      const now = describePath(`${upper}${path}`);
      const before = lower.find((root) => there(`${root}${path}`));
      const was = before === undefined ? 'removed' : describePath(`${before}${path}`);
      // The kernel keeps what was merely opened for writing, too.
      if (now !== was) found.set(withoutMoment(path), now);
      if (now.startsWith('folder')) walk(path);
    }
  };
  walk('');
  return found;
}

/** Names of backups hold a number that no other has, and a time. */
const withoutMoment = (path: string) =>
  path.replace(/\.[0-9a-z]+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~/, '.NUMBER.TIME~');

function there(path: string): boolean {
  return existsSync(path) || lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function describePath(path: string): string {
  const stats = lstatSync(path);
  const mode = (stats.mode & 0o7777).toString(8).padStart(4, '0');
  const owner = `${stats.uid}:${stats.gid}`;
  if (stats.isSymbolicLink()) return `link ${owner} -> ${readlinkSync(path)}`;
  if (stats.isDirectory()) return `folder ${mode} ${owner}`;
  if (stats.isFile()) {
    return `file ${mode} ${owner} ${shown(readFileSync(path))}`;
  }
  return kindOf(stats, `${mode} ${owner}`);
}

function shown(bytes: Buffer): string {
  if (bytes.length <= 2000 && isUtf8(bytes)) return JSON.stringify(bytes.toString());
  return `${bytes.length} ${createHash('sha256').update(bytes).digest('hex')}`;
}

function kindOf(stats: Stats, rest: string): string {
  // How an overlay writes down that a path of the layers below is gone.
  if (stats.isCharacterDevice() && stats.rdev === 0) return 'removed';
  return `${stats.isFIFO() ? 'pipe' : stats.isSocket() ? 'socket' : 'device'} ${rest}`;
}
