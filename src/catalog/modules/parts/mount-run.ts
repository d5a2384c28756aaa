import { type Command, sh } from '../../../model/command.ts';
import {
  type Act,
  done,
  type ModuleResult,
  type PathState,
  type Planned,
} from '../../../model/module.ts';
import { andThen } from './and-then.ts';
import { bootOptions, type MountArgs } from './mount-args.ts';
import { complaintOf, fail } from './outcome.ts';
import { script } from './script-action.ts';

/** Runs a command that mounts, making the folder where it is missing; what was done before a failure is undone. */
export function carryOut(
  args: MountArgs,
  point: PathState,
  command: Command,
  result: ModuleResult,
  undo?: () => Planned,
): Act {
  const { path } = args;
  const made = point.kind === 'absent' ? [script(makeFolders(path))] : [];
  return {
    kind: 'act',
    actions: [...made, script(command)],
    expected: result,
    predict: point.kind === 'absent' ? [{ path, state: { kind: 'directory' } }] : [],
    read(ran) {
      const broken = ran.find(({ exitCode }) => exitCode !== 0);
      if (broken === undefined) return done(result);
      const trouble = fail(`Error mounting ${path}: ${complaintOf(broken)}`);
      const folders = made.length === 0 ? [] : (ran[0]?.stdout ?? '').split('\n').filter(Boolean);
      const cleaned = folders.length === 0 ? trouble : removeFolders(folders, trouble);
      return undo === undefined ? cleaned : andThen(undo(), () => cleaned);
    },
  };
}

function removeFolders(folders: readonly string[], trouble: Planned): Planned {
  return {
    kind: 'act',
    actions: [script(sh`rmdir -- ${folders}`, { mayFail: true })],
    expected: { changed: false },
    read: () => trouble,
  };
}

/** Makes folders and prints those that were missing, the innermost first. */
function makeFolders(path: string): Command {
  return sh`path=${path}
${{
  script: `at=\${path%/}
while [ -n "$at" ] && [ ! -e "$at" ]; do printf '%s\\n' "$at"; at=\${at%/*}; done
mkdir -p -- "$path"`,
}}`;
}

function fstabWords({ fstab }: MountArgs): readonly string[] {
  return fstab === undefined || fstab === '/etc/fstab' ? [] : ['-T', fstab];
}

/** Mounts what fstab says of the place. */
export function mountByFstab(args: MountArgs): Command {
  return sh`mount ${[...fstabWords(args), args.path]}`;
}

/** Mounts anew; without options of its own it may be unmounted in between, where the file system cannot be mounted anew. */
export function remount(args: MountArgs): Command {
  const { opts } = bootOptions(args);
  const words = fstabWords(args);
  if (args.opts !== undefined && opts !== 'defaults')
    return sh`mount ${['-o', `remount,${opts}`, ...words, args.path]}`;
  const all = [...words, args.path];
  return sh`mount -o remount ${all} 2>/dev/null || { umount -- ${args.path} && mount ${all}; }`;
}
