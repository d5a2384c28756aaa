import { sh } from '../../../model/command.ts';
import {
  type Action,
  done,
  type PathState,
  type Planned,
  type Prediction,
} from '../../../model/module.ts';
import { isArmored } from './apt-key-file.ts';
import { renderDeb822 } from './deb822.ts';
import { alter } from './outcome.ts';
import { script } from './script-action.ts';
import { removeSmallFile, writeSmallFile } from './small-file.ts';

/** Arguments of `deb822_repository`, by Ansible's names. */
export interface Deb822Args {
  name: string;
  state: string;
  types: readonly string[];
  uris: readonly string[] | undefined;
  suites: readonly string[] | undefined;
  components: readonly string[] | undefined;
  architectures: readonly string[] | undefined;
  signed_by: string | undefined;
  enabled: boolean | undefined;
  trusted: boolean | undefined;
  allow_downgrade_to_insecure: boolean | undefined;
  allow_insecure: boolean | undefined;
  allow_weak: boolean | undefined;
  by_hash: boolean | undefined;
  check_date: boolean | undefined;
  check_valid_until: boolean | undefined;
  date_max_future: number | undefined;
  inrelease_path: string | undefined;
  languages: readonly string[] | undefined;
  pdiffs: boolean | undefined;
  targets: readonly string[] | undefined;
  mode: string;
  install_python_debian: boolean;
}

interface Found {
  readonly file: PathState;
  readonly armored: PathState;
  readonly binary: PathState;
}

const textOf = (bytes: Uint8Array | undefined) =>
  new TextDecoder().decode(bytes ?? new Uint8Array());

/** Plans the file of a source and its key; `key` is what was fetched from the address in `signed_by`. */
export function planDeb822(args: Deb822Args, found: Found, key: Uint8Array | undefined): Planned {
  return args.state === 'absent' ? planAbsent(found) : planPresent(args, found, key);
}

function planAbsent({ file, armored, binary }: Found): Planned {
  const there = [file, armored, binary].filter(({ kind }) => kind !== 'absent');
  const values = { dest: file.path, key_filename: null, repo: null };
  if (there.length === 0) return done({ changed: false, values });
  return alter({
    actions: there.map(({ path }) => script(removeSmallFile(path))),
    result: { changed: true, values, changes: there.map(({ path }) => `removed ${path}`) },
    predict: there.flatMap(({ path }) => predictFile(path, false)),
  });
}

function planPresent(args: Deb822Args, found: Found, key: Uint8Array | undefined): Planned {
  const place = key === undefined ? undefined : isArmored(key) ? found.armored : found.binary;
  const { state: _state, mode, install_python_debian: _none, ...fields } = args;
  const text = renderDeb822({ ...fields, signed_by: place?.path ?? args.signed_by });
  const { file } = found;
  const actions = [
    ...(place === undefined || key === undefined ? [] : keyActions(place, key)),
    ...fileActions(file, text, mode),
  ];
  const values = { repo: text, dest: file.path, key_filename: place?.path ?? null };
  if (actions.length === 0) return done({ changed: false, values });
  const headers = { beforeHeader: file.path, afterHeader: file.path };
  return alter({
    actions,
    result: {
      changed: true,
      values,
      diff: [{ before: textOf(file.content), after: text, ...headers }],
      changes: [`${file.kind === 'absent' ? 'added' : 'changed'} ${file.path}`],
    },
    predict: [
      ...predictFile(file.path, true),
      ...(place === undefined ? [] : [{ path: place.path, state: { kind: 'file' } } as const]),
    ],
  });
}

/** Writes the file of the source unless it is there with just this text and these permission bits, or is foreseen to be. */
function fileActions(file: PathState, text: string, mode: string): Action[] {
  const wanted = /^[0-7]+$/.test(mode) ? Number.parseInt(mode, 8) : file.mode;
  const isRight = file.kind === 'file' && textOf(file.content) === text && file.mode === wanted;
  if (isRight || (file.predicted === true && file.kind === 'file')) return [];
  return [script(writeSmallFile({ path: file.path, text, mode, keepsMode: false }))];
}

function isSame({ kind, content, mode }: PathState, key: Uint8Array): boolean {
  return (
    kind === 'file' &&
    mode === 0o644 &&
    content !== undefined &&
    content.length === key.length &&
    content.every((byte, index) => byte === key[index])
  );
}

function keyActions(place: PathState, key: Uint8Array): Action[] {
  if (isSame(place, key)) return [];
  return [
    { kind: 'upload', variable: 'lab_new', content: { bytes: key } },
    script(sh`[ -d /etc/apt/keyrings ] || mkdir -m 755 /etc/apt/keyrings || exit
t=$(mktemp ${`${place.path}.lab-XXXXXX`}) && cat "$lab_new" >"$t" && chmod 644 "$t" && mv -f "$t" ${place.path}`),
  ];
}

function predictFile(path: string, present: boolean): Prediction[] {
  return [
    { thing: `apt-source:${path}`, present },
    { path, state: { kind: present ? 'file' : 'absent' } },
  ];
}
