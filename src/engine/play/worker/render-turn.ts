import { Buffer } from 'node:buffer';
import { quoteSh } from '../../../model/command.ts';
import { type Environment, isDynamicPath, renderPath } from '../../../model/host-path.ts';
import type {
  GroupProbe,
  PathProbe,
  ScriptAction,
  ScriptProbe,
  UploadAction,
  UserProbe,
} from '../../../model/module.ts';
import { renderBytes, renderEnvironment } from './host-words.ts';
import type { Look, StepPart, Turn } from './turn.ts';

/** Sorts the looks of a turn by how they are asked; each keeps its place in `turn.looks`. */
export function sortLooks(looks: readonly Look[]) {
  const all = looks.map(({ probe, environment }, index) => ({ probe, environment, index }));
  return {
    paths: all.flatMap((look) =>
      look.probe.kind === 'path' ? [{ ...look, probe: look.probe }] : [],
    ),
    names: all.flatMap((look) =>
      look.probe.kind === 'user' || look.probe.kind === 'group'
        ? [{ ...look, probe: look.probe }]
        : [],
    ),
    scripts: all.flatMap((look) =>
      look.probe.kind === 'script' ? [{ ...look, probe: look.probe }] : [],
    ),
  };
}

/** Compiles a turn into one POSIX script, for a shell that knows the prelude. Its sections come in this order: hello, actions, paths, names, script probes. */
export function renderTurn({ marker, hello, step, looks }: Turn): string {
  const { paths, names, scripts } = sortLooks(looks);
  return [
    `lk_m=${quoteSh(marker)}`,
    'lk_mark b',
    ...(hello ? ['lk_hello'] : []),
    ...(step ? renderStep(step) : []),
    ...(paths.length > 0 ? [renderPaths(paths)] : []),
    ...(names.length > 0 ? [renderNames(names)] : []),
    ...scripts.map(({ probe, environment }) => renderProbe(probe, environment)),
    'lk_mark z',
    '',
  ].join('\n');
}

function renderStep(step: StepPart): string[] {
  return [
    `lk_key=${quoteSh(step.nonce)} lk_e=${quoteSh(renderEnvironment(step.environment))}`,
    ...(step.goesOn ? [] : ['lk_bad= lk_i=']),
    ...step.uploaded.map(({ variable, path }) => settle(variable, quoteSh(path))),
    ...step.actions.map((action, index) =>
      action.kind === 'script' ? renderScript(action, step) : renderUpload(action, step, index),
    ),
    ...(step.ends ? ['lk_tidy'] : []),
  ];
}

function renderScript(action: ScriptAction, step: StepPart): string {
  const limits = [action.timeoutSeconds ?? 0, step.limitSeconds].filter((limit) => limit > 0);
  const limit = limits.length === 0 ? 0 : Math.max(1, Math.ceil(Math.min(...limits)));
  const input =
    action.stdin === undefined || action.stdin.length === 0 ? "''" : renderBytes(action.stdin);
  return `lk_i=${input} lk_s=${quoteSh(action.command.script)}\nlk_act ${action.mayFail ? 1 : 0} ${limit}`;
}

function renderUpload(
  action: UploadAction,
  { environment, nonce }: StepPart,
  index: number,
): string {
  const beside = action.beside === undefined ? "''" : renderPath(action.beside, environment);
  const variable = nameOf(action);
  return [
    `lk_s=${renderBytes(bytesOf(action))} lk_q=${beside}`,
    `lk_make "$lk_q" ${quoteSh(`${nonce}-${index}`)}`,
    `[ -z "$lk_f" ] || { ${settle(variable, '$lk_f')}; }`,
  ].join('\n');
}

function settle(variable: string, path: string): string {
  return `${variable}=${path}; export ${variable}; lk_keep "$${variable}"; lk_v="$lk_v ${variable}"`;
}

function bytesOf({ content }: UploadAction): Uint8Array {
  return 'bytes' in content ? content.bytes : (content.source.content ?? Buffer.alloc(0));
}

function nameOf({ variable }: UploadAction): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable))
    throw new TypeError(`${variable} cannot be a shell variable`);
  return variable;
}

type Placed<P> = { readonly probe: P; readonly environment: Environment; readonly index: number };

/** All paths share one `stat` for each of the two ways to look at links, and one digest program for each algorithm. */
function renderPaths(paths: readonly Placed<PathProbe>[]): string {
  const lines = paths.map(({ probe, environment }, place) => {
    const dynamic = isDynamicPath(probe.path);
    const absolute = 'case $lk_p in /*) ;; *) lk_p=$PWD/$lk_p ;; esac';
    const said = dynamic ? `; ${absolute}; printf '%s' "$lk_p"; lk_end` : '';
    return `lk_p=${renderPath(probe.path, environment)}${said}; set -- "$@" "$lk_p" # ${place + 1}`;
  });
  return [
    '(LC_ALL=C; export LC_ALL; set --',
    ...lines,
    ...statGroups(paths).map(({ flag, places }) => `lk_stat ${flag} ${words(places)}`),
    ...sumGroups(paths).map(({ program, places }) => `lk_sums ${program} ${words(places)}`),
    ...readPlaces(paths).map(({ place, limit }) => `lk_read ${limit + 1} ${words([place])}`),
    ') </dev/null',
    'lk_mark e 0 0 0',
  ].join('\n');
}

function words(places: readonly number[]): string {
  return places.map((place) => `"\${${place + 1}}"`).join(' ');
}

type PathLooks = readonly { readonly probe: PathProbe }[];

/** Paths that are looked at by one `stat`: as they are, then through links. */
export function statGroups(paths: PathLooks): { flag: 'P' | 'L'; places: number[] }[] {
  const all = paths.map((_, place) => place);
  const through = all.filter((place) => paths[place]?.probe.follow === true);
  const plain = all.filter((place) => paths[place]?.probe.follow !== true);
  return [
    ...(plain.length > 0 ? [{ flag: 'P' as const, places: plain }] : []),
    ...(through.length > 0 ? [{ flag: 'L' as const, places: through }] : []),
  ];
}

/** Paths whose digests one program works out. */
export function sumGroups(paths: PathLooks): { program: string; places: number[] }[] {
  const programs = [...new Set(paths.flatMap(({ probe }) => probe.checksum ?? []))].sort();
  return programs.map((algorithm) => ({
    program: `${algorithm}sum`,
    places: paths.flatMap(({ probe }, place) => (probe.checksum === algorithm ? [place] : [])),
  }));
}

/** Paths whose content is read. */
export function readPlaces(paths: PathLooks): { place: number; limit: number }[] {
  return paths.flatMap(({ probe }, place) =>
    probe.contentUpTo === undefined ? [] : [{ place, limit: probe.contentUpTo }],
  );
}

function renderNames(names: readonly Placed<UserProbe | GroupProbe>[]): string {
  const lines = names.map(({ probe }) =>
    probe.kind === 'group'
      ? `lk_get group ${quoteSh(probe.name)}`
      : `lk_get passwd ${quoteSh(probe.name)}; id -Gn ${quoteSh(probe.name)} 2>/dev/null; lk_end`,
  );
  return ['(LC_ALL=C; export LC_ALL', ...lines, ') </dev/null', 'lk_mark e 0 0 0'].join('\n');
}

function renderProbe({ command }: ScriptProbe, environment: Environment): string {
  const exported = renderEnvironment(environment);
  return [
    'lk_now; lk_a=$lk_t',
    `{ (${exported === '' ? '' : `${exported}\n`}lk_c`,
    `eval ${quoteSh(command.script)}`,
    ') </dev/null 2>&4 4>&-',
    'lk_r=$?; } 4>&2 2>/dev/null',
    'lk_now; lk_mark e "$lk_r" "$lk_a" "$lk_t"',
  ].join('\n');
}
