import {
  ask,
  type Call,
  type Content,
  type ModuleResult,
  type PathState,
  type Planned,
  probePath,
} from '../../../model/module.ts';
import { makeVars, type Vars } from '../../../model/value.ts';
import { applyAttributes } from './apply-attributes.ts';
import { contentDiff, maxDiffBytes } from './content-diff.ts';
import { pathValues } from './file-result.ts';
import { lookThrough } from './look-through.ts';
import { type Ids, lookUpIds } from './look-up-ids.ts';
import { makeFolders, predictFolders } from './make-folders.ts';
import { fail } from './outcome.ts';
import type { AttributeWish } from './path-attributes.ts';
import { baseOf, folderOf, joinPath, parentsOf } from './paths.ts';
import { describeWrite, writeFile } from './write-file.ts';

/** One file that `copy` or `template` brings to a place. */
export interface Placement {
  /** As written; one that ends in `/`, or is a folder, takes the file under its own name. */
  readonly dest: string;
  /** The file's own name; undefined for content without one. */
  readonly name: string | undefined;
  readonly content: Content;
  readonly sha1: string;
  /** What the file comes from, for the heading of a diff and the result. */
  readonly from: string;
  readonly wish: AttributeWish;
  readonly directoryMode: string | undefined;
  readonly force: boolean;
  readonly follow: boolean;
  readonly backup: boolean;
  readonly validate: string | undefined;
  readonly unsafeWrites: boolean;
  readonly call: Call;
  /** A sentence that the result has in any case (`assemble` says OK). */
  readonly msg?: string;
}

const looksFor = ({ call }: Placement) => ({
  checksum: 'sha1' as const,
  ...(call.diffMode && { contentUpTo: maxDiffBytes }),
});

/** Brings one file to its place, as the action of Ansible's `copy` does. */
export function placeFile(placement: Placement): Planned {
  const { dest, name } = placement;
  const intoFolder = dest.endsWith('/');
  if (intoFolder && name === undefined) return fail('can not use content with a dir as dest');
  const target = intoFolder ? joinPath(dest, name ?? '') : dest;
  return look(placement, target, intoFolder);
}

function look(placement: Placement, target: string, intoFolder: boolean): Planned {
  const more = looksFor(placement);
  const probes = {
    dest: probePath(target, more),
    folder: probePath(folderOf(target), { follow: true }),
  };
  return ask(probes, ({ dest, folder }) =>
    lookThrough(dest, more, ({ itself, end }) => {
      if (end?.kind === 'directory') return enter(placement, itself);
      if (folder.kind === 'absent') return startFolder(placement, itself, intoFolder);
      const isFollowed = placement.follow && itself.kind === 'link' && end !== undefined;
      return compare(placement, isFollowed ? end : itself);
    }),
  );
}

function enter(placement: Placement, folder: PathState): Planned {
  const { name, dest } = placement;
  if (name === undefined) return fail('can not use content with a dir as dest');
  // a folder that has the file's name inside the folder meant: Ansible looks no further
  if (baseOf(folder.path) === name && dest.endsWith('/'))
    return fail(`${folder.path} is a folder and cannot be replaced by a file`);
  return look({ ...placement, dest: `${folder.path}/` }, joinPath(folder.path, name), true);
}

function startFolder(placement: Placement, dest: PathState, intoFolder: boolean): Planned {
  const { call, directoryMode } = placement;
  const folder = folderOf(dest.path);
  if (!intoFolder) {
    const missing = `Destination directory ${folder} does not exist`;
    // Ansible's preview looks at no folder; something may make it by then
    return call.checkMode ? compare(placement, dest, [missing]) : fail(missing);
  }
  const above = [...parentsOf(folder), folder].filter((path) => path !== '/');
  const probes = Object.fromEntries(above.map((path) => [path, probePath(path, { follow: true })]));
  return ask(probes, (found) => {
    const paths = above.filter((path) => found[path]?.kind === 'absent');
    const wish = { ...placement.wish, mode: directoryMode };
    return lookUpIds([dest], placement.wish, call, (ids) =>
      write(placement, dest, ids, {
        before: makeFolders({ paths, wish }),
        predict: predictFolders({ paths, wish, ids, call }),
      }),
    );
  });
}

function compare(placement: Placement, dest: PathState, warnings: readonly string[] = []): Planned {
  const { force, sha1, wish, call, from } = placement;
  if (dest.kind !== 'absent' && !force)
    return { kind: 'done', result: { changed: false, values: { dest: dest.path, src: from } } };
  const isRegular = dest.kind === 'file' || dest.kind === 'hard';
  if (isRegular && dest.checksum === sha1) return keepContent(placement, dest);
  return lookUpIds([dest], wish, call, (ids) =>
    write(placement, dest, { ...ids, warnings: [...(ids.warnings ?? []), ...warnings] }),
  );
}

function keepContent({ wish, call, sha1, msg, from }: Placement, state: PathState): Planned {
  const { path } = state;
  return applyAttributes({
    state,
    wish,
    call,
    result: ({ facts, plan }) => ({
      changed: plan.changed,
      ...(msg !== undefined && { msg }),
      values: {
        ...pathValues(facts),
        path,
        dest: path,
        checksum: sha1,
        ...(msg !== undefined && { src: from }),
      },
      changes: plan.changes.map((change) => `${path}: ${change}`),
      ...(plan.changed && call.diffMode && { diff: [plan.diff(path)] }),
    }),
  });
}

function write(
  placement: Placement,
  dest: PathState,
  ids: Ids,
  more: Pick<Parameters<typeof writeFile>[0], 'before' | 'predict'> = {},
): Planned {
  const { content, wish, call, backup, validate, unsafeWrites, from, sha1 } = placement;
  const { path } = dest;
  const diff = call.diffMode && { diff: [contentDiff({ old: dest, path, content, from })] };
  return writeFile({
    ...more,
    dest,
    content,
    wish,
    ids,
    call,
    backup,
    validate,
    unsafeWrites,
    result: (left): ModuleResult => ({
      changed: true,
      ...(placement.msg !== undefined && { msg: placement.msg }),
      values: writtenValues(
        { ...pathValues(left.facts), dest: path, src: from, checksum: sha1 },
        left.backup,
      ),
      changes: [describeWrite(path, left)],
      ...diff,
    }),
  });
}

function writtenValues(values: Vars, backup: string | undefined): Vars {
  return makeVars([
    ...Object.entries(values),
    ...(backup === undefined ? [] : [['backup_file', backup] as const]),
  ]);
}
