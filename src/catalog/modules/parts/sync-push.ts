import { sh } from '../../../model/command.ts';
import { renderPath } from '../../../model/host-path.ts';
import {
  type Action,
  ask,
  type Call,
  done,
  type ModuleResult,
  type Planned,
  probeScript,
  type Source,
  type SourceFile,
} from '../../../model/module.ts';
import { andThen } from './and-then.ts';
import { alter, complaintOf, fail } from './outcome.ts';
import { baseOf } from './paths.ts';
import { isExcluded, readExcludes } from './rsync-patterns.ts';
import { script } from './script-action.ts';
import { keeps, type SyncArgs } from './sync-args.ts';
import { type HostEntry, type HostTree, listScript, readTree } from './sync-list.ts';

interface Wished {
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly folders: ReadonlyMap<string, number>;
}

/** Plans what a host lacks of a file or folder of the controller. */
export function planPush(args: SyncArgs, source: Source | undefined, call: Call): Planned {
  if (source === undefined) return fail(`${args.src} was not found on the controller`);
  const { times } = keeps(args);
  const where = { script: renderPath(args.dest, call.environment) };
  // without times only the content can tell
  const list = probeScript(listScript(where, args.checksum || !times));
  return ask({ list }, ({ list: found }) => {
    if (found.exitCode !== 0) return fail(complaintOf(found));
    const tree = readTree(found.stdout);
    if ('folders' in source && tree.kind === 'file')
      return fail(`${tree.place} is a file on the host`);
    return plan(args, wishedOf(args, source, tree), tree);
  });
}

/** Paths below `dest`; one file whose destination is no folder stands for the destination itself, as ''. */
function wishedOf(args: SyncArgs, source: Source, tree: HostTree): Wished {
  if (!('folders' in source)) {
    const isInto = tree.kind === 'folder' || args.dest.endsWith('/');
    return { files: new Map([[isInto ? baseOf(source.path) : '', source]]), folders: new Map() };
  }
  const { patterns } = readExcludes(args.rsync_opts ?? []);
  const name = baseOf(source.path.replace(/\/+$/, ''));
  const above = args.src.endsWith('/') ? '' : `${name}/`;
  const isIn = (path: string, isFolder: boolean) => !isExcluded(path, isFolder, patterns);
  const folders = source.folders
    .map(({ path, mode }) => [above + path, mode] as const)
    .filter(([path]) => isIn(path, true));
  const files = source.files
    .map((file) => [above + file.relative, file] as const)
    .filter(([path]) => isIn(path, false));
  const own: [string, number][] = above === '' ? [] : [[name, 0o755]];
  return { files: new Map(files), folders: new Map([...own, ...folders]) };
}

function plan(args: SyncArgs, wished: Wished, tree: HostTree & { place: string }): Planned {
  const base = tree.place.replace(/(?<=.)\/+$/, '');
  const at = (path: string) => (path === '' ? base : `${base === '/' ? '' : base}/${path}`);
  const known = (path: string): HostEntry | undefined =>
    path === '' ? tree.self : tree.entries.get(path);
  const surplus = surplusOf(args, wished, tree);
  const folders = Array.from(wished.folders).filter(
    ([path, mode]) => !args.existing_only && differsFolder(args, known(path), mode),
  );
  const files = Array.from(wished.files)
    .filter(([path, file]) => differsFile(args, known(path), file))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const lines = [
    ...surplus.map((path) => `*deleting   ${path}`),
    ...folders.map(([path]) => `${known(path) ? '.d...p.....' : 'cd+++++++++'} ${path}/`),
    ...files.map(
      ([path, file]) => `<f${known(path) ? '.st......' : '+++++++++'} ${path || baseOf(file.path)}`,
    ),
  ];
  const result = resultOf(args, lines);
  if (lines.length === 0) return done(result);
  const makesRoot = wished.files.has('') ? base.replace(/\/[^/]*$/, '') : base;
  const actions: Action[] = [
    ...surplus.map((path) => script(sh`rm -rf -- ${at(path)}`)),
    ...(makesRoot === '' ? [] : [script(sh`mkdir -p -- ${makesRoot}`)]),
    ...folders.map(([path, mode]) => script(makeFolder(args, at(path), mode))),
    ...files.flatMap(([path, file]) => placeFile(args, at(path), file)),
  ];
  return inSteps(actions, result);
}

// a step is one script for the host's shell: thousands of files are many steps
const actionsOfOneStep = 400;

function inSteps(actions: readonly Action[], result: ModuleResult): Planned {
  const now = actions.slice(0, actionsOfOneStep);
  const later = actions.slice(actionsOfOneStep);
  const step = alter({ actions: now, result });
  return later.length === 0 ? step : andThen(step, () => inSteps(later, result));
}

function surplusOf(args: SyncArgs, wished: Wished, { entries }: HostTree): readonly string[] {
  if (!args.delete) return [];
  const { patterns } = readExcludes(args.rsync_opts ?? []);
  const roots = args.src.endsWith('/') ? [''] : Array.from(wished.folders.keys()).slice(0, 1);
  const surplus = Array.from(entries.values())
    .filter(({ path }) => roots.some((root) => root === '' || path.startsWith(`${root}/`)))
    .filter(({ path, isFolder }) => {
      const isWished = isFolder ? wished.folders.has(path) : wished.files.has(path);
      return !isWished && !isExcluded(path, isFolder, patterns);
    })
    .map(({ path }) => path)
    .sort();
  // a folder takes what is in it along
  return surplus.filter((path) => !surplus.some((above) => path.startsWith(`${above}/`)));
}

function differsFolder(args: SyncArgs, found: HostEntry | undefined, mode: number): boolean {
  if (found === undefined || !found.isFolder) return true;
  return keeps(args).perms && found.mode !== (mode & 0o7777);
}

function differsFile(args: SyncArgs, found: HostEntry | undefined, file: SourceFile): boolean {
  if (found === undefined) return !args.existing_only;
  const { perms, times } = keeps(args);
  if (!found.isFile || found.size !== file.size) return true;
  if (perms && found.mode !== (file.mode & 0o7777)) return true;
  if (args.checksum || !times) return found.sha1 !== file.sha1;
  return found.mtime !== Math.floor(file.mtime);
}

function makeFolder(args: SyncArgs, path: string, mode: number) {
  const bits = keeps(args).perms ? (mode & 0o7777).toString(8) : '';
  return sh`path=${path} bits=${bits}
[ -d "$path" ] || { rm -f -- "$path"; mkdir -p -- "$path"; } || exit
[ -z "$bits" ] || chmod "$bits" "$path"`;
}

function placeFile(args: SyncArgs, path: string, source: SourceFile): Action[] {
  const { perms, times } = keeps(args);
  const bits = perms ? (source.mode & 0o7777).toString(8) : '';
  const time = times ? String(Math.floor(source.mtime)) : '';
  return [
    { kind: 'upload', variable: 'lab_new', content: { source }, beside: path },
    script(sh`path=${path} bits=${bits} time=${time}
[ ! -d "$path" ] || rm -rf -- "$path"
[ -n "$bits" ] || bits=$(stat -c %a -- "$path" 2>/dev/null) || bits=$(printf %o $((0666 & ~0$(umask))))
chmod "$bits" "$lab_new" && { [ -z "$time" ] || touch -d "@$time" "$lab_new"; } && mv -f -- "$lab_new" "$path"`),
  ];
}

/** The result in Ansible's form; changes are written as rsync itemizes them. */
export function resultOf(args: SyncArgs, lines: readonly string[]): ModuleResult {
  const changed = lines.length > 0;
  return {
    changed,
    msg: lines.map((line) => `${line}\n`).join(''),
    values: { rc: 0, stdout_lines: lines, cmd: `synchronize ${args.src} ${args.dest}` },
    ...(changed && {
      diff: [{ prepared: lines.map((line) => `${line}\n`).join('') }],
      changes: lines.slice(0, 20),
    }),
  };
}
