import { sh } from '../../../model/command.ts';
import { ask, done, type PathState, type Planned, probePath } from '../../../model/module.ts';
import { type FileTask, stateDiff } from './file-args.ts';
import { planRecursion } from './file-recursion.ts';
import { pathValues, stateWord } from './file-result.ts';
import { keepsTimes, readTimes, touchLines, type WishedTimes } from './file-times.ts';
import { resultOf } from './file-touch.ts';
import { lookThrough } from './look-through.ts';
import { lookUpIds } from './look-up-ids.ts';
import { expectFolder, makeFolders, predictFolders } from './make-folders.ts';
import { alter, fail } from './outcome.ts';
import { attributeTrouble, saidBy } from './path-attributes.ts';
import { folderOf, joinPath, parentsOf } from './paths.ts';
import { script } from './script-action.ts';
import { setPath } from './set-path.ts';

/** Keeps a folder there; each folder above it that has to be made gets the same owner, group and bits. */
export function planFolder(task: FileTask): Planned {
  const { args, found } = task;
  const times = readTimes(args, 'directory');
  if ('problem' in times) return fail(times.problem);
  return lookThrough(found, {}, ({ end }) => {
    const state = args.follow ? (end ?? brokenEnd(found)) : found;
    if (state.kind === 'absent') return makeFolder({ ...task, found: state }, times);
    if (state.kind !== 'directory')
      return fail(`${state.path} already exists as a ${stateWord(state.kind)}`, {
        path: state.path,
      });
    return keepFolder({ ...task, found: state }, times);
  });
}

// what a broken link leads to is made, as Ansible does
function brokenEnd(link: PathState): PathState {
  return { ...link, kind: 'absent', path: joinPath(folderOf(link.path), link.target) };
}

function keepFolder(task: FileTask, times: WishedTimes): Planned {
  const { args, found, call } = task;
  const { path } = found;
  const top = setPath({
    state: found,
    wish: args,
    times,
    call,
    result: (set) => resultOf(task, { path }, set),
  });
  return args.recurse ? planRecursion(task, top) : top;
}

function makeFolder(task: FileTask, times: WishedTimes): Planned {
  const { args, found, call } = task;
  const path = found.path.replace(/\/+$/, '') || '/';
  const above = [...parentsOf(path), path];
  const probes = Object.fromEntries(above.map((each) => [each, probePath(each, { follow: true })]));
  return ask(probes, (states) => {
    const paths = above.filter((each) => states[each]?.kind === 'absent');
    const blocked = above.find(
      (each) => !['absent', 'directory'].includes(states[each]?.kind ?? ''),
    );
    if (blocked !== undefined && !call.checkMode)
      return fail(
        `There was an issue creating ${path} as requested: ${blocked} is not a directory`,
        { path },
      );
    return lookUpIds([found], args, call, (ids) => {
      const facts = expectFolder({ wish: args, ids, call });
      const changes = paths.map((each) => `make the folder ${each}`);
      const result = (left: PathState | undefined) => ({
        changed: true,
        values: { path: found.path, ...(call.checkMode ? {} : pathValues(left ?? facts)) },
        changes,
        ...(call.diffMode && { diff: [stateDiff(task)] }),
        ...(ids.warnings && { warnings: ids.warnings }),
      });
      return alter({
        actions: [
          ...makeFolders({ paths, wish: args }),
          ...(keepsTimes(times)
            ? []
            : [
                script(sh`lab_path=${path}
${{ script: touchLines(times) }}`),
              ]),
        ],
        result: result(undefined),
        predict: predictFolders({ paths, wish: args, ids, call }),
        failureValues: () => ({}),
        failure: (ran) =>
          ran.exitCode === 60
            ? `There was an issue creating ${path} as requested: ${saidBy(ran)}`
            : attributeTrouble(ran, args),
        next: () => ask({ left: probePath(path) }, ({ left }) => done(result(left))),
      });
    });
  });
}
