import type { ModuleResult, PathState, Planned } from '../../../model/module.ts';
import { type FileTask, stateDiff } from './file-args.ts';
import { pathValues, stateWord } from './file-result.ts';
import { readTimes } from './file-times.ts';
import { lookThrough } from './look-through.ts';
import { fail } from './outcome.ts';
import { saidBy } from './path-attributes.ts';
import { type SetPath, setPath } from './set-path.ts';

/** Sets owner, group, bits and times of a file that has to be there (`state: file`). */
export function planPresent(task: FileTask): Planned {
  const { args, found, call } = task;
  return lookThrough(found, {}, ({ end }) => {
    const state = args.follow && end ? end : found;
    const word = found.kind === 'link' && args.follow && !end ? 'absent' : stateWord(state.kind);
    const { path } = state;
    if (word !== 'file' && word !== 'hard')
      return fail(`file (${path}) is ${word}, cannot continue`, { path, state: word });
    const times = readTimes(args, 'file');
    if ('problem' in times) return fail(times.problem);
    return setPath({
      state,
      wish: args,
      times,
      call,
      result: (set) => resultOf({ ...task, found: state }, { path }, set),
    });
  });
}

/** What `file` returns for a path that was set. */
export function resultOf(
  task: FileTask,
  values: NonNullable<ModuleResult['values']>,
  set: SetPath,
): ModuleResult {
  return {
    changed: set.changed,
    values: { ...values, ...pathValues(set.facts) },
    changes: set.changes,
    ...(task.call.diffMode && { diff: [stateDiff(task, set.before, set.after)] }),
  };
}

/** Makes an empty file, or gives what is there new times (`state: touch`). */
export function planTouch(task: FileTask): Planned {
  const { args, found, call } = task;
  const times = readTimes(args, 'touch');
  if ('problem' in times) return fail(times.problem);
  if (found.kind === 'absent') return makeFile(task, times);
  return lookThrough(found, {}, ({ end }) => {
    if (args.follow && !end)
      return fail(`${found.path} is a link to nothing and cannot be touched`, { path: found.path });
    const state = args.follow && end ? end : found;
    return setPath({
      state,
      wish: args,
      times,
      call,
      result: (set) =>
        resultOf(task, { dest: found.path }, { ...set, facts: factsShown(found, set) }),
    });
  });
}

// results tell of the path that was named, also when it is a link and what it leads to was set
function factsShown(found: PathState, set: SetPath): SetPath['facts'] {
  return found.kind === 'link' ? found : set.facts;
}

function makeFile(task: FileTask, times: Parameters<typeof setPath>[0]['times']): Planned {
  const { args, found, call } = task;
  const root = call.user ?? 'root';
  const state: PathState = { ...found, kind: 'file', mode: 0o644, owner: root, group: root };
  const dest = found.path;
  return setPath({
    state,
    wish: args,
    times,
    call,
    make: { script: '(set -C; : >"$lab_path") || exit 60' },
    made: `make the file ${dest}`,
    result: (set) =>
      call.checkMode ? { changed: true, values: { dest } } : resultOf(task, { dest }, set),
    unmade: (ran) => `Error, could not touch target: ${saidBy(ran)}`,
  });
}
