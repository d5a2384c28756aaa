import { sh } from '../../../model/command.ts';
import { done, type Planned, type Prediction } from '../../../model/module.ts';
import { type FileTask, stateDiff } from './file-args.ts';
import { alter } from './outcome.ts';
import { saidBy } from './path-attributes.ts';
import { script } from './script-action.ts';

/** Takes away whatever is at a path: a folder with all that is in it, a link but not what it leads to. */
export function planAbsent(task: FileTask): Planned {
  const { found, call } = task;
  const { path, kind } = found;
  const values = { path, state: 'absent' };
  if (kind === 'absent') return done({ changed: false, values });
  const gone: Prediction = { path, state: { kind: 'absent' } };
  const isFolder = kind === 'directory';
  const bare = path.replace(/\/+$/, '') || '/';
  return alter({
    actions: [script(isFolder ? sh`rm -rf -- ${bare} && [ ! -e ${bare} ]` : sh`rm -f -- ${bare}`)],
    result: {
      changed: true,
      values,
      changes: [`remove ${isFolder ? 'the folder ' : ''}${path}`],
      ...(call.diffMode && { diff: [stateDiff(task)] }),
    },
    predict: [gone],
    failureValues: () => ({}),
    failure: (ran) => `${isFolder ? 'rmtree' : 'unlinking'} failed: ${saidBy(ran)}`,
  });
}
