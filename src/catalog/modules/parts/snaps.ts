import { type Command, sh } from '../../../model/command.ts';
import {
  type Action,
  type Call,
  done,
  type Planned,
  type Prediction,
  type Ran,
} from '../../../model/module.ts';
import { isMapping, type Value } from '../../../model/value.ts';
import { missingProgram } from './missing-program.ts';
import { alter, complaintOf, fail } from './outcome.ts';
import { script } from './script-action.ts';

/** Arguments of `snap`, by Ansible's names. */
export interface SnapArgs {
  name: readonly string[];
  state: string;
  classic: boolean;
  channel: string;
  options: readonly string[] | undefined;
}

/** Lists installed snaps (snap(8): Name Version Rev Tracking Publisher Notes) and the options of the asked ones as JSON. */
export function snapLook({ name, options }: SnapArgs): Command {
  const asked = options === undefined ? [] : name;
  return sh`command -v snap >/dev/null || exit 127
snap list 2>/dev/null
for s in ${asked}; do printf '@@options %s\n' "$s"; snap get -d "$s" 2>/dev/null; done
true`;
}

interface Snap {
  readonly isDisabled: boolean;
  readonly options: { readonly [key: string]: Value };
}

function parseSnaps(stdout: string): Map<string, Snap> {
  const [list = '', ...rest] = stdout.split('@@options ');
  const options = new Map(
    rest.map((part) => [
      part.slice(0, part.indexOf('\n')),
      readJson(part.slice(part.indexOf('\n'))),
    ]),
  );
  const rows = list
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
  return new Map(
    rows
      .filter(([name = '']) => name !== '')
      .map(([name = '', ...columns]) => [
        name,
        {
          isDisabled: (columns.at(-1) ?? '').split(',').includes('disabled'),
          options: options.get(name) ?? {},
        },
      ]),
  );
}

function readJson(text: string): { readonly [key: string]: Value } {
  try {
    const value: unknown = JSON.parse(text);
    return isMapping(value) ? value : {};
  } catch {
    return {};
  }
}

interface Step {
  readonly words: readonly string[];
  readonly change: string;
}

/** Plans snaps from what `snapLook` printed. */
export function planSnaps(args: SnapArgs, call: Call, look: Ran): Planned {
  if (look.exitCode === 127)
    return missingProgram(call, 'snap is not installed on this host: install snapd');
  const snaps = parseSnaps(look.stdout);
  const isThere = (name: string) => call.predicted(`snap:${name}`) ?? snaps.has(name);
  const values = { channel: args.channel, classic: args.classic };
  if (args.state === 'present') return planPresent(args, snaps, isThere, values);
  if (args.state === 'absent') {
    const there = args.name.filter(isThere);
    const steps = there.map(
      (name): Step => ({ words: ['remove', name], change: `removed ${name}` }),
    );
    return finish(steps, { ...values, snaps_removed: there }, predict(there, false));
  }
  const missing = args.name.filter((name) => !isThere(name));
  if (missing.length > 0) return fail(`snaps not installed: ${missing.join(', ')}`);
  const disable = args.state === 'disabled';
  const wrong = args.name.filter((name) => (snaps.get(name)?.isDisabled ?? false) !== disable);
  const word = disable ? 'disable' : 'enable';
  return finish(
    wrong.map((name) => ({ words: [word, name], change: `${word}d ${name}` })),
    values,
    [],
  );
}

function planPresent(
  args: SnapArgs,
  snaps: ReadonlyMap<string, Snap>,
  isThere: (name: string) => boolean,
  values: { readonly [name: string]: Value },
): Planned {
  const missing = args.name.filter((name) => !isThere(name));
  const install = missing.map(
    (name): Step => ({
      words: [
        'install',
        ...(args.classic ? ['--classic'] : []),
        ...(args.channel === 'stable' ? [] : [`--channel=${args.channel}`]),
        name,
      ],
      change: `installed ${name}`,
    }),
  );
  const wrong = (args.options ?? []).flatMap((option) => wrongOptions(option, args.name, snaps));
  const set = wrong.map(
    ({ snap, key, value }): Step => ({
      words: ['set', snap, `${key}=${value}`],
      change: `set ${snap}:${key}`,
    }),
  );
  const more = {
    ...values,
    ...(missing.length > 0 && { snaps_installed: missing }),
    ...(wrong.length > 0 && {
      options_changed: wrong.map(({ snap, key, value }) => `${snap}:${key}=${value}`),
    }),
  };
  return finish([...install, ...set], more, predict(missing, true));
}

function wrongOptions(option: string, names: readonly string[], snaps: ReadonlyMap<string, Snap>) {
  const [, only, key = '', value = ''] = /^(?:([^\s:=]+):)?([^\s:=]+)=(.*)$/s.exec(option) ?? [];
  return names
    .filter((snap) => only === undefined || only === snap)
    .filter((snap) => optionText(snaps.get(snap)?.options ?? {}, key) !== value)
    .map((snap) => ({ snap, key, value }));
}

/** The value of `a.b` in nested options, as text. */
function optionText(options: Value, key: string): string | undefined {
  let value: Value | undefined = options;
  for (const part of key.split('.')) value = isMapping(value) ? value[part] : undefined;
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const predict = (names: readonly string[], present: boolean): Prediction[] =>
  names.map((name) => ({ thing: `snap:${name}`, present }));

function finish(
  steps: readonly Step[],
  values: { readonly [name: string]: Value },
  foreseen: readonly Prediction[],
): Planned {
  if (steps.length === 0) return done({ changed: false, values });
  const actions = steps.map(({ words }): Action => script(sh`snap ${words}`));
  const cmd = steps.map(({ words }) => ['snap', ...words].join(' ')).join('; ');
  return alter({
    actions,
    result: {
      changed: true,
      values: { ...values, cmd },
      changes: steps.map(({ change }) => change),
    },
    predict: foreseen,
    failure: (ran) => `snap failed: ${complaintOf(ran)}`,
  });
}
