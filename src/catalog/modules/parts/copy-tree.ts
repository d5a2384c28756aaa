import { sh } from '../../../model/command.ts';
import {
  type Action,
  ask,
  type Call,
  type ModuleResult,
  type PathState,
  type Planned,
  type Prediction,
  probePath,
  type SourceTree,
} from '../../../model/module.ts';
import { contentDiff, maxDiffBytes } from './content-diff.ts';
import type { CopyArgs } from './copy-args.ts';
import { modeText } from './file-mode.ts';
import { printFacts } from './file-result.ts';
import { type Ids, lookUpIds } from './look-up-ids.ts';
import { makeFolders, predictFolders } from './make-folders.ts';
import { alter, fail } from './outcome.ts';
import { attributeTrouble, factsOf, planAttributes } from './path-attributes.ts';
import { baseOf, joinPath, parentsOf } from './paths.ts';
import { script } from './script-action.ts';
import { describeWrite, type FileWrite, writeFile } from './write-file.ts';

type TreeArgs = CopyArgs & { readonly src: string };
type States = { readonly [path: string]: PathState };

/** Copies a folder of the controller: what is in it for a source that ends in `/`, else the folder itself. */
export function copyTree(args: TreeArgs, tree: SourceTree, call: Call): Planned {
  return ask({ dest: probePath(args.dest) }, ({ dest }) => {
    const base = dest.path.replace(/\/+$/, '') || '/';
    const root = args.src.endsWith('/')
      ? base
      : joinPath(base, baseOf(tree.path.replace(/\/+$/, '')));
    const folders = [
      ...parentsOf(root),
      root,
      ...tree.folders.map(({ path }) => joinPath(root, path)),
    ];
    const more = { checksum: 'sha1' as const, ...(call.diffMode && { contentUpTo: maxDiffBytes }) };
    const probes = [
      ...folders.filter((path) => path !== '/').map((path) => probePath(path, { follow: true })),
      ...tree.files.map(({ relative }) => probePath(joinPath(root, relative), more)),
    ];
    return askAll(probes, {}, (states) => planTree({ args, tree, call, root, base }, states));
  });
}

// one look holds only so many paths: the host's shell has to carry them all at once
const pathsOfOneLook = 400;

function askAll(
  probes: readonly ReturnType<typeof probePath>[],
  known: States,
  plan: (states: States) => Planned,
): Planned {
  if (probes.length === 0) return plan(known);
  const now = Object.fromEntries(
    probes.slice(0, pathsOfOneLook).map((probe) => [probe.path, probe]),
  );
  return ask(now, (found) => askAll(probes.slice(pathsOfOneLook), { ...known, ...found }, plan));
}

interface Tree {
  readonly args: TreeArgs;
  readonly tree: SourceTree;
  readonly call: Call;
  readonly root: string;
  readonly base: string;
}

function planTree(work: Tree, states: States): Planned {
  const { args, call } = work;
  const all = Object.values(states);
  const inTheWay = all.find(
    ({ path, kind }) =>
      kind === 'directory' &&
      work.tree.files.some(({ relative }) => joinPath(work.root, relative) === path),
  );
  if (inTheWay) return fail(`${inTheWay.path} is a folder and cannot be replaced by a file`);
  const wish = { owner: args.owner, group: args.group, mode: args.mode };
  return lookUpIds(all, wish, call, (ids) => {
    const parts = [planFolders(work, states, ids), ...planFiles(work, states, ids)];
    return finishTree(work, parts, ids);
  });
}

interface Part {
  readonly actions: readonly Action[];
  readonly predict: readonly Prediction[];
  readonly result: Pick<ModuleResult, 'changes' | 'diff'>;
}

function planFolders({ args, tree, root, call }: Tree, states: States, ids: Ids): Part {
  const wish = { owner: args.owner, group: args.group, mode: args.directory_mode };
  const every = [...parentsOf(root), root, ...tree.folders.map(({ path }) => joinPath(root, path))];
  const missing = every.filter((path) => states[path]?.kind === 'absent');
  const present = tree.folders.flatMap(({ path }) => {
    const state = states[joinPath(root, path)];
    return state && state.kind !== 'absent' ? [state] : [];
  });
  const plans = present.map((state) => ({
    state,
    plan: planAttributes(factsOf(state), wish, ids),
  }));
  const altered = plans.filter(({ plan }) => plan.changed);
  return {
    actions: [
      ...makeFolders({ paths: missing, wish }),
      ...altered.flatMap(({ state, plan }) =>
        plan.script
          ? [
              script(sh`lab_path=${state.path}
${plan.script}`),
            ]
          : [],
      ),
    ],
    predict: [
      ...predictFolders({ paths: missing, wish, ids, call }),
      ...altered.map(({ state, plan }) => ({ path: state.path, state: plan.facts })),
    ],
    result: {
      changes: [
        ...missing.map((path) => `make the folder ${path}`),
        ...altered.map(({ state, plan }) => `${state.path}: ${plan.changes.join(', ')}`),
      ],
    },
  };
}

function planFiles(work: Tree, states: States, ids: Ids): Part[] {
  const { tree, root, args, call } = work;
  return tree.files.flatMap((source): Part[] => {
    const dest = states[joinPath(root, source.relative)];
    if (!dest) return [];
    const mode = args.mode === 'preserve' ? modeText(source.mode & 0o7777) : args.mode;
    const wish = { owner: args.owner, group: args.group, mode };
    if (dest.kind !== 'absent' && !args.force) return [];
    const { path } = dest;
    if (dest.checksum === source.sha1 && dest.kind !== 'link') {
      const plan = planAttributes(factsOf(dest), wish, ids);
      if (!plan.script) return [];
      const line = script(sh`lab_path=${path}
${plan.script}
${printFacts}`);
      const changes = [`${path}: ${plan.changes.join(', ')}`];
      return [{ actions: [line], predict: [{ path, state: plan.facts }], result: { changes } }];
    }
    const content = { source };
    const diff = call.diffMode
      ? [contentDiff({ old: dest, path, content, from: source.path })]
      : [];
    return [
      partOf({
        ...{ dest, content, wish, ids, call, backup: args.backup, validate: args.validate },
        unsafeWrites: args.unsafe_writes,
        result: (left) => ({ changed: true, changes: [describeWrite(path, left)], diff }),
      }),
    ];
  });
}

function partOf(write: FileWrite): Part {
  const act = writeFile(write);
  if (act.kind !== 'act') return { actions: [], predict: [], result: {} };
  return { actions: act.actions, predict: act.predict ?? [], result: act.expected };
}

function finishTree({ args, tree, base }: Tree, parts: readonly Part[], ids: Ids): Planned {
  const actions = parts.flatMap((part) => part.actions);
  const diff = parts.flatMap(({ result }) => result.diff ?? []);
  const result: ModuleResult = {
    changed: actions.length > 0,
    values: {
      dest: base.endsWith('/') ? base : `${base}/`,
      src: args.src.endsWith('/') ? `${tree.path}/` : tree.path,
    },
    changes: parts.flatMap((part) => part.result.changes ?? []),
    ...(diff.length > 0 && { diff }),
    ...(ids.warnings && { warnings: ids.warnings }),
  };
  if (actions.length === 0) return { kind: 'done', result };
  return alter({
    actions,
    result,
    predict: parts.flatMap((part) => part.predict),
    failureValues: () => ({}),
    failure: (ran) => attributeTrouble(ran, args),
  });
}
