import { sh } from '../../../model/command.ts';
import {
  type Call,
  done,
  type ModuleResult,
  type PathState,
  type Planned,
  type Ran,
} from '../../../model/module.ts';
import { andThen } from './and-then.ts';
import { dropEntry, setEntry } from './fstab.ts';
import { bootOptions, entryOf, type MountArgs, mountValues } from './mount-args.ts';
import { carryOut, mountByFstab, remount } from './mount-run.ts';
import { isMounted, isSameSource, type MountTable } from './mount-table.ts';
import { alter, complaintOf, fail } from './outcome.ts';
import { script } from './script-action.ts';
import { binaryOf, bytesOf, shownText } from './text-lines.ts';
import { writeFile } from './write-file.ts';

/** What a host has at a mount point. */
export interface MountFound {
  readonly fstab: PathState;
  readonly point: PathState;
  readonly table: MountTable;
}

/** Plans a mount point as its state says. */
export function planMount(args: MountArgs, call: Call, found: MountFound): Planned {
  switch (args.state) {
    case 'present':
      return writeEntry(args, call, found);
    case 'absent_from_fstab':
      return dropped(args, call, found);
    case 'absent':
      return absent(args, call, found);
    case 'unmounted':
      return isMounted(found.table, pointsOf(found))
        ? unmount(args, resultOf(args, [`unmounted ${args.path}`]))
        : done(resultOf(args, []));
    case 'remounted':
      return remounted(args);
    case 'ephemeral':
      return ephemeral(args, found);
    default:
      return mounted(args, call, found);
  }
}

function pointsOf({ point }: MountFound): readonly string[] {
  return [point.path.replace(/(?<=.)\/+$/, ''), point.realPath].filter(Boolean);
}

function resultOf(args: MountArgs, changes: readonly string[], backup?: string): ModuleResult {
  const { warnings } = bootOptions(args);
  return {
    changed: changes.length > 0,
    values: { ...mountValues(args), ...(backup !== undefined && { backup_file: backup }) },
    changes,
    ...(warnings.length > 0 && { warnings }),
  };
}

function textOf({ fstab }: MountFound): string {
  return fstab.content === undefined ? '' : binaryOf(fstab.content);
}

function write(
  args: MountArgs,
  call: Call,
  found: MountFound,
  text: string,
  change: string,
): Planned {
  const { fstab } = found;
  const path = args.fstab ?? '/etc/fstab';
  const diff = {
    before: shownText(textOf(found)),
    after: shownText(text),
    beforeHeader: path,
    afterHeader: path,
  };
  return writeFile({
    dest: fstab.kind === 'absent' ? fstab : { ...fstab, path: fstab.realPath || fstab.path },
    content: { bytes: bytesOf(text) },
    wish: {},
    ids: {},
    call,
    backup: args.backup,
    before: fstab.kind === 'absent' ? [script(sh`mkdir -p -- "$(dirname -- ${path})"`)] : [],
    result: ({ backup }) => ({ ...resultOf(args, [change], backup), diff: [diff] }),
  });
}

function writeEntry(args: MountArgs, call: Call, found: MountFound): Planned {
  const { text, changed } = setEntry(textOf(found), entryOf(args));
  if (!changed) return done(resultOf(args, []));
  return write(args, call, found, text, `wrote the entry of ${args.path} to fstab`);
}

function dropped(args: MountArgs, call: Call, found: MountFound): Planned {
  const { text, changed } = dropEntry(textOf(found), args.path, args.src);
  if (!changed) return done(resultOf(args, []));
  return write(args, call, found, text, `took the entry of ${args.path} out of fstab`);
}

function absent(args: MountArgs, call: Call, found: MountFound): Planned {
  const entry = dropped(args, call, found);
  if (entry.kind === 'done') return entry;
  const removal = (result: ModuleResult) =>
    found.point.kind === 'absent'
      ? done(result)
      : alter({
          actions: [script(sh`rmdir -- ${args.path}`)],
          result,
          failure: (ran) => `Error rmdir ${args.path}: ${complaintOf(ran)}`,
        });
  return andThen(entry, (result) =>
    isMounted(found.table, pointsOf(found))
      ? andThen(unmount(args, result), removal)
      : removal(result),
  );
}

function unmount({ path }: MountArgs, result: ModuleResult): Planned {
  return alter({
    actions: [script(sh`umount -- ${path}`)],
    result,
    failure: (ran) => `Error unmounting ${path}: ${complaintOf(ran)}`,
  });
}

function remounted(args: MountArgs): Planned {
  const { opts } = bootOptions(args);
  const result = resultOf(args, [`mounted ${args.path} anew`]);
  const failure =
    opts === 'defaults'
      ? (ran: Ran) => `Error remounting ${args.path}: ${complaintOf(ran)}`
      : () =>
          'Options were specified with remounted, but the remount command failed. Failing in order to prevent an unexpected mount result. Try replacing this command with a "state: unmounted" followed by a "state: mounted" using the full desired mount options instead.';
  return alter({ actions: [script(remount(args))], result, failure });
}

function ephemeral(args: MountArgs, found: MountFound): Planned {
  const { path, src = '', fstype = '' } = args;
  const { opts } = bootOptions(args);
  const points = pointsOf(found);
  const how = ['-t', fstype, ...(opts === 'defaults' ? [] : ['-o', opts]), src];
  if (!isMounted(found.table, points, src))
    return carryOut(
      args,
      found.point,
      sh`mount ${how} ${path}`,
      resultOf(args, [`mounted ${path}`]),
    );
  if (!isSameSource(found.table, points, src))
    return fail(
      'Ephemeral mount point is already mounted with a different source than the specified one. Failing in order to prevent an unwanted unmount or override operation. Try replacing this command with a "state: unmounted" followed by a "state: ephemeral", or use a different destination path.',
    );
  const again = sh`mount -o remount ${how} ${path} || { umount -- ${path} && mount ${how} ${path}; }`;
  return carryOut(args, found.point, again, resultOf(args, [`mounted ${path} anew`]));
}

function mounted(args: MountArgs, call: Call, found: MountFound): Planned {
  const { path, src } = args;
  const entry = writeEntry(args, call, found);
  const isThere = isMounted(found.table, pointsOf(found), src);
  if (entry.kind === 'done' && isThere) return entry;
  const command = isThere ? remount({ ...args, opts: undefined }) : mountByFstab(args);
  const change = isThere ? `mounted ${path} anew` : `mounted ${path}`;
  const mount = (result: ModuleResult) =>
    carryOut(
      args,
      found.point,
      command,
      {
        ...result,
        changed: true,
        changes: [...(result.changes ?? []), change],
      },
      entry.kind === 'act' ? () => restore(args, call, found) : undefined,
    );
  return andThen(entry, mount);
}

// a line in fstab that cannot be mounted may keep the system from starting
function restore(args: MountArgs, call: Call, found: MountFound): Planned {
  const text = textOf(found);
  return write(
    { ...args, backup: false },
    call,
    { ...found, fstab: { ...found.fstab } },
    text,
    'restored fstab',
  );
}
