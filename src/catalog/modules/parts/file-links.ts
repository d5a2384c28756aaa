import { type Script, sh } from '../../../model/command.ts';
import {
  ask,
  type ModuleResult,
  type PathState,
  type Planned,
  probePath,
  probeScript,
  type Ran,
} from '../../../model/module.ts';
import { type FileTask, stateDiff } from './file-args.ts';
import { pathValues, stateWord } from './file-result.ts';
import { keepsTimes, readTimes, type WishedTimes } from './file-times.ts';
import { mayCome } from './may-come.ts';
import { alter, fail } from './outcome.ts';
import { saidBy } from './path-attributes.ts';
import { folderOf, joinPath } from './paths.ts';
import { script } from './script-action.ts';
import { setPath } from './set-path.ts';

/** Keeps a symbolic link there; owner, group and bits are those of what it leads to unless links are not followed. */
export function planLink(task: FileTask): Planned {
  const { args, found } = task;
  const src = args.src ?? (args.follow && found.kind === 'link' ? found.target : undefined);
  const base = found.kind === 'directory' ? found.path : folderOf(found.path);
  if (src === undefined) return judgeLink(task, undefined, true);
  const end = joinPath(base, src);
  return ask({ source: probePath(end, { follow: true }) }, ({ source }) => {
    const isThere = source.kind !== 'absent';
    if (!args.force && !isThere && !mayCome(task.call, end))
      return fail(
        `src file does not exist, use "force=yes" if you really want to create the link: ${end}`,
        { path: found.path, src },
      );
    return judgeLink(task, src, isThere, source);
  });
}

function judgeLink(
  task: FileTask,
  src: string | undefined,
  isThere: boolean,
  source?: PathState,
): Planned {
  const { args, found } = task;
  const { path, kind } = found;
  const was = stateWord(kind);
  if (kind !== 'link' && kind !== 'absent' && !args.force)
    return fail(`refusing to convert from ${was} to symlink for ${path}`, { path });
  if (kind !== 'link' && src === undefined)
    return fail('src is required for creating new symlinks');
  const times = readTimes(args, 'link');
  if ('problem' in times) return fail(times.problem);
  if (kind === 'directory')
    return ask({ entries: probeScript(sh`ls -A -- ${path} | head -n 1`) }, ({ entries }) =>
      entries.stdout === ''
        ? makeLink({ task, src: src ?? '', isThere, times, source })
        : fail(`the directory ${path} is not empty, refusing to convert it`, { path }),
    );
  const differs = kind !== 'link' || (src !== undefined && found.target !== src);
  const link = { task, src: src ?? found.target, isThere, times, source };
  return differs ? makeLink(link) : setLink(link, false);
}

interface Link {
  readonly task: FileTask;
  readonly src: string;
  /** Whether what it leads to is there. */
  readonly isThere: boolean;
  readonly times: WishedTimes;
  readonly source: PathState | undefined;
}

function linkState({ task, src, source }: Link): PathState {
  const user = task.call.user ?? 'root';
  const fresh = { uid: 0, gid: 0, owner: user, group: user };
  const size = new TextEncoder().encode(src).length;
  const realPath = source && source.kind !== 'absent' ? source.realPath || source.path : '';
  return { ...task.found, ...fresh, kind: 'link', mode: 0o777, size, target: src, realPath };
}

function makeLink(link: Link): Planned {
  const { task, src } = link;
  const { found } = task;
  const { path, kind } = found;
  const bare = path.replace(/\/+$/, '');
  const clear: Script = {
    script: kind === 'directory' ? sh`rmdir -- ${bare} || exit 70`.script : '',
  };
  const state = linkState(link);
  const result = expectLink(link, state, true);
  return alter({
    actions: [
      script(sh`${clear}
ln -s -f -n -- ${src} ${bare} || exit 71`),
    ],
    result,
    predict: [{ path: bare, state }],
    failureValues: () => ({}),
    failure: (ran) => linkTrouble(ran, path, kind),
    next: () =>
      ask({ left: probePath(bare) }, ({ left }) =>
        left.kind === 'link'
          ? setLink({ ...link, task: { ...task, found: { ...left, path } } }, true, found)
          : fail(`${path} is no link after linking`),
      ),
  });
}

function linkTrouble(ran: Ran, path: string, kind: PathState['kind']): string {
  if (ran.exitCode === 70) return `the directory ${path} is not empty, refusing to convert it`;
  return `${kind === 'absent' ? 'Error while linking' : 'Error while replacing'}: ${saidBy(ran)}`;
}

function expectLink({ task, src }: Link, state: PathState, changed: boolean): ModuleResult {
  const { found, call } = task;
  const from = found.kind === 'link' && found.target !== src ? { src: found.target } : {};
  const to = found.kind === 'link' && found.target !== src ? { src } : {};
  return {
    changed,
    values: { dest: found.path, src, ...(found.kind === 'absent' ? {} : pathValues(state)) },
    changes: changed ? [`link ${found.path} -> ${src}`] : [],
    ...(call.diffMode && { diff: [stateDiff(task, from, to)] }),
  };
}

/** Sets what the link leads to, or the link itself where links are not followed. */
function setLink(link: Link, changed: boolean, before?: PathState): Planned {
  const { task, src, isThere, times } = link;
  const { args, found, call } = task;
  const base = expectLink({ ...link, task: { ...task, found: before ?? found } }, found, changed);
  const values = { dest: found.path, src, ...(isThere ? pathValues(found) : {}) };
  const wishes = [args.mode, args.owner, args.group].some((wish) => wish !== undefined);
  if (!wishes && keepsTimes(times))
    return { kind: 'done', result: warn({ ...base, values }, link) };
  if (args.follow && !isThere) return { kind: 'done', result: warn({ ...base, values }, link) };
  const set = (state: PathState): Planned =>
    setPath({
      state,
      wish: args,
      times,
      call,
      result: (done) => ({
        ...base,
        changed: changed || done.changed,
        values: args.follow ? values : { ...values, ...pathValues(done.facts) },
        changes: [...(base.changes ?? []), ...done.changes],
        ...(call.diffMode && {
          diff: [stateDiff({ ...task, found: before ?? found }, done.before, done.after)],
        }),
      }),
    });
  if (!args.follow) return set(found);
  return ask({ end: probePath(found.realPath) }, ({ end }) => set(end));
}

function warn(result: ModuleResult, { task, isThere }: Link): ModuleResult {
  if (isThere || !task.args.follow) return result;
  const warning =
    'Cannot set fs attributes on a non-existent symlink target. follow should be set to False to avoid this.';
  return { ...result, warnings: [warning] };
}

/** Keeps a hard link to a file there. */
export function planHardLink(task: FileTask): Planned {
  const { args, found } = task;
  const { src, force } = args;
  const { path } = found;
  if (src === undefined)
    return found.kind === 'hard'
      ? setHard(task, '', found)
      : fail('src is required for creating new hardlinks');
  return ask({ source: probePath(src, { follow: true }) }, ({ source }) => {
    const values = { dest: path, src };
    if (source.kind === 'absent') return fail('src does not exist', values);
    if (source.kind === 'directory') return fail(`${src} is a folder and cannot be linked`, values);
    const isSame = source.inode === found.inode && source.device === found.device;
    if (found.kind !== 'absent' && isSame && found.kind !== 'link')
      return setHard(task, src, found);
    const trouble = inTheWay(found, force);
    if (trouble !== undefined) return fail(trouble, values);
    return makeHard(task, src, source);
  });
}

function inTheWay({ kind, path }: PathState, force: boolean): string | undefined {
  if (kind === 'directory') return `Cannot link, ${path} is a folder`;
  if (force || kind === 'absent' || kind === 'link') return undefined;
  if (kind === 'hard') return 'Cannot link, different hard link exists at destination';
  return `Cannot link, ${stateWord(kind)} exists at destination`;
}

function makeHard(task: FileTask, src: string, source: PathState): Planned {
  const { args, found, call } = task;
  const times = readTimes(args, 'hard');
  if ('problem' in times) return fail(times.problem);
  const dest = found.path;
  return setPath({
    state: { ...source, path: dest, kind: 'hard' },
    wish: args,
    times,
    call,
    make: { script: sh`ln -f -- ${source.path} "$lab_path" || exit 60`.script },
    made: `link ${dest} to ${src}`,
    unmade: (ran) => `Error while linking: ${saidBy(ran)}`,
    result: (set) => ({
      changed: true,
      values: {
        dest,
        src,
        ...(call.checkMode && found.kind === 'absent' ? {} : pathValues(set.facts)),
      },
      changes: set.changes,
      ...(call.diffMode && { diff: [stateDiff(task)] }),
    }),
  });
}

function setHard(task: FileTask, src: string, state: PathState): Planned {
  const { args, call, found } = task;
  const times = readTimes(args, 'hard');
  if ('problem' in times) return fail(times.problem);
  return setPath({
    state,
    wish: args,
    times,
    call,
    result: (set) => ({
      changed: set.changed,
      values: { dest: found.path, src: src === '' ? null : src, ...pathValues(set.facts) },
      changes: set.changes,
      ...(call.diffMode && { diff: [stateDiff(task, set.before, set.after)] }),
    }),
  });
}
