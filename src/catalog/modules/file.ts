import { ask, defineModule, type PathState, type Planned, probePath } from '../../model/module.ts';
import { planAbsent } from './parts/file-absent.ts';
import { type FileArgs, type FileTask, fileArgs } from './parts/file-args.ts';
import { planFolder } from './parts/file-folder.ts';
import { planHardLink, planLink } from './parts/file-links.ts';
import { stateWord } from './parts/file-result.ts';
import { planPresent, planTouch } from './parts/file-touch.ts';
import { fail } from './parts/outcome.ts';
import { baseOf, joinPath } from './parts/paths.ts';

export default defineModule<FileArgs>({
  name: 'file',
  collection: 'ansible.builtin',
  summary: 'Keeps a file, a folder or a link there with its owner and bits, or away.',
  args: fileArgs,
  check: ({ state, recurse, src, mode }, isRendered) => [
    ...(recurse && state !== undefined && state !== 'directory'
      ? ["recurse option requires state to be 'directory'"]
      : []),
    ...(src !== undefined && isRendered('state') && state !== 'link' && state !== 'hard'
      ? ["src option requires state to be 'link' or 'hard'"]
      : []),
    ...(mode === 'preserve' ? ['mode: preserve is for copy and template'] : []),
  ],
  isLocal: true,
  inspect: (args, call) =>
    ask({ found: probePath(args.path) }, ({ found }) => {
      const { src, state } = args;
      const meansInside = src !== undefined && state !== 'link' && state !== 'absent';
      if (!meansInside || found.kind !== 'directory') return decide(args, call, found);
      const inside = probePath(joinPath(found.path, baseOf(src)));
      return ask({ inside }, (looked) => decide(args, call, looked.inside));
    }),
});

const plans: { readonly [state: string]: (task: FileTask) => Planned } = {
  absent: planAbsent,
  directory: planFolder,
  file: planPresent,
  hard: planHardLink,
  link: planLink,
  touch: planTouch,
};

function decide(args: FileArgs, call: FileTask['call'], found: PathState): Planned {
  const isThere = found.kind !== 'absent';
  const usual = isThere ? stateWord(found.kind) : args.recurse ? 'directory' : 'file';
  const state = args.state ?? usual;
  if (args.recurse && state !== 'directory')
    return fail("recurse option requires state to be 'directory'", { path: found.path });
  if (args.src !== undefined && state !== 'link' && state !== 'hard')
    return fail("src option requires state to be 'link' or 'hard'", { path: found.path });
  const plan = plans[state];
  return plan ? plan({ args, call, state, found }) : fail(`unknown state ${state}`);
}
