import { sh } from '../../../model/command.ts';
import {
  ask,
  type Call,
  done,
  type PathProbe,
  type PathState,
  type Planned,
  probePath,
} from '../../../model/module.ts';
import { applyAttributes } from './apply-attributes.ts';
import { contentDiff, maxDiffBytes } from './content-diff.ts';
import type { CopyArgs } from './copy-args.ts';
import { copyFolderOnHost } from './copy-folder-on-host.ts';
import { modeText } from './file-mode.ts';
import { pathValues } from './file-result.ts';
import { lookThrough } from './look-through.ts';
import { lookUpIds } from './look-up-ids.ts';
import { makeFolders, predictFolders } from './make-folders.ts';
import { mayCome, mayComeNote } from './may-come.ts';
import { fail } from './outcome.ts';
import { baseOf, folderOf, joinPath, parentsOf } from './paths.ts';
import { describeWrite, writeFile } from './write-file.ts';

type HostCopy = CopyArgs & { readonly src: string };

/** Copies a file or a folder that is on the host already (`remote_src`). */
export function copyOnHost(args: HostCopy, call: Call): Planned {
  const more = call.diffMode ? { contentUpTo: maxDiffBytes } : {};
  const probes = {
    src: probePath(args.src, { follow: true, checksum: 'sha1', ...more }),
    dest: probePath(args.dest, { follow: true }),
  };
  return ask(probes, ({ src, dest }) => {
    if (src.kind === 'absent') return miss(args.src, call);
    if (src.kind === 'directory') return copyFolderOnHost(args, src, dest, call);
    if (src.kind !== 'file' && src.kind !== 'hard')
      return fail(`Cannot copy invalid source '${args.src}': not a file`);
    if (args.checksum !== undefined && args.checksum !== src.checksum)
      return fail('Copied file does not match the expected checksum. Transfer failed.', {
        checksum: src.checksum,
        expected_checksum: args.checksum,
      });
    const inside = dest.kind === 'directory' || args.dest.endsWith('/');
    const target = inside ? joinPath(dest.path, baseOf(src.path)) : dest.path;
    return placeCopy({ args, src, call }, target);
  });
}

function miss(src: string, call: Call): Planned {
  return mayCome(call, src)
    ? done({ changed: true, warnings: [mayComeNote(src)] })
    : fail(`Source ${src} not found`);
}

interface Work {
  readonly args: HostCopy;
  readonly src: PathState;
  readonly call: Call;
}

function placeCopy(work: Work, target: string): Planned {
  const { args, call } = work;
  const more = { checksum: 'sha1' as const, ...(call.diffMode && { contentUpTo: maxDiffBytes }) };
  const above = [...parentsOf(target)];
  const folders = above.map((path) => [path, probePath(path, { follow: true })] as const);
  const probes: Record<string, PathProbe> = Object.fromEntries(folders);
  return ask({ ...probes, [target]: probePath(target, more) }, (found) => {
    const itself = found[target];
    if (!itself) return fail(`${target} could not be looked at`);
    const missing = above.filter((path) => found[path]?.kind === 'absent');
    const folder = folderOf(target);
    if (missing.length > 0 && !args.dest.endsWith('/') && !mayCome(call, target))
      return fail(`Destination directory ${folder} does not exist`);
    return lookThrough(itself, more, ({ end }) =>
      compareCopy(work, args.follow && end ? end : itself, missing),
    );
  });
}

function compareCopy({ args, src, call }: Work, dest: PathState, missing: string[]): Planned {
  const { path } = dest;
  if (dest.kind !== 'absent' && !args.force)
    return {
      kind: 'done',
      result: { changed: false, msg: 'file already exists', values: { dest: path, src: args.src } },
    };
  const mode = args.mode === 'preserve' ? modeText(src.mode) : args.mode;
  const wish = { mode, owner: args.owner, group: args.group };
  const values = { dest: path, src: args.src, checksum: src.checksum };
  if (dest.checksum === src.checksum && dest.checksum !== '' && dest.kind !== 'link')
    return applyAttributes({
      state: dest,
      wish,
      call,
      result: ({ facts, plan }) => ({
        changed: plan.changed,
        values: { ...values, ...pathValues(facts) },
        changes: plan.changes.map((change) => `${path}: ${change}`),
      }),
    });
  const folders = { paths: missing, wish: { ...wish, mode: args.directory_mode }, call };
  return lookUpIds([dest], wish, call, (ids) =>
    writeFile({
      dest,
      content: { made: { script: copyLine(src.path) }, size: src.size, sha1: src.checksum },
      ...{ wish, ids, call, backup: args.backup, validate: args.validate },
      unsafeWrites: args.unsafe_writes,
      before: makeFolders(folders),
      predict: predictFolders({ ...folders, ids }),
      result: (left) => ({
        changed: true,
        values: {
          ...values,
          ...pathValues(left.facts),
          ...(left.backup !== undefined && { backup_file: left.backup }),
        },
        changes: [describeWrite(path, left)],
        ...(call.diffMode &&
          src.content && {
            diff: [
              contentDiff({ old: dest, path, content: { bytes: src.content }, from: args.src }),
            ],
          }),
      }),
    }),
  );
}

const copyLine = (path: string): string => sh`cat <${path} >"$lab_new"`.script;
