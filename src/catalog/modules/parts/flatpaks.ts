import { sh } from '../../../model/command.ts';
import {
  type Act,
  type Call,
  done,
  type Planned,
  type Prediction,
  type Ran,
} from '../../../model/module.ts';
import { missingProgram } from './missing-program.ts';
import { alter, complaintOf } from './outcome.ts';
import { script } from './script-action.ts';

/** Arguments of `flatpak`, by Ansible's names. */
export interface FlatpakArgs {
  name: readonly string[];
  state: string;
  method: string;
  remote: string;
  no_dependencies: boolean;
  executable: string;
}

/** The application a name means: a reverse DNS name, perhaps with architecture and branch, or the address of a flatpakref. */
export function applicationOf(name: string): string {
  const last = name.includes('://')
    ? (name.split('/').at(-1) ?? '').replace(/\.flatpakref$/, '')
    : name;
  return last.split('/')[0] ?? '';
}

/** Lists what is installed (flatpak-list(1)); tells by exit code 127 that there is no flatpak. */
export function flatpakLook({ executable, method }: Pick<FlatpakArgs, 'executable' | 'method'>) {
  return sh`command -v ${executable} >/dev/null || exit 127
${executable} list --${{ script: method }} --columns=application 2>/dev/null || ${executable} list --${{ script: method }} | sed 's/[ /].*//'`;
}

/** Plans flatpaks from what `flatpakLook` printed. */
export function planFlatpaks(args: FlatpakArgs, call: Call, look: Ran): Planned {
  if (look.exitCode === 127)
    return missingProgram(call, `Executable '${args.executable}' was not found on the system.`);
  const there = new Set(look.stdout.split('\n').map((line) => line.trim()));
  const present = args.state === 'present';
  const isThere = (name: string) =>
    call.predicted(`flatpak:${applicationOf(name)}`) ?? there.has(applicationOf(name));
  const wrong = args.name.filter((name) => isThere(name) !== present);
  if (wrong.length === 0) return done({ changed: false });
  const flags = [`--${args.method}`, '-y', '--noninteractive'];
  const calls = present
    ? installCalls(args, wrong, flags)
    : [['uninstall', ...flags, ...wrong.map(applicationOf)]];
  const predict = wrong.map(
    (name): Prediction => ({ thing: `flatpak:${applicationOf(name)}`, present }),
  );
  return runFlatpak(args.executable, calls, {
    changes: wrong.map((name) => `${present ? 'installed' : 'removed'} ${applicationOf(name)}`),
    predict,
  });
}

/** Addresses name their remote themselves. */
function installCalls(
  args: FlatpakArgs,
  names: readonly string[],
  flags: readonly string[],
): string[][] {
  const start = ['install', ...flags, ...(args.no_dependencies ? ['--no-deps'] : [])];
  const addresses = names.filter((name) => name.includes('://'));
  const others = names.filter((name) => !name.includes('://'));
  return [
    ...addresses.map((address) => [...start, address]),
    ...(others.length > 0 ? [[...start, args.remote, ...others]] : []),
  ];
}

/** Runs flatpak and tells the command, as Ansible's modules do. */
export function runFlatpak(
  executable: string,
  calls: readonly (readonly string[])[],
  said: { readonly changes: readonly string[]; readonly predict: readonly Prediction[] },
): Act {
  const command = calls.map((words) => [executable, ...words].join(' ')).join('; ');
  return alter({
    actions: calls.map((words) => script(sh`${executable} ${words}`)),
    result: { changed: true, values: { command, rc: 0 }, changes: said.changes },
    predict: said.predict,
    failure: (ran) => `flatpak failed: ${complaintOf(ran)}`,
  });
}
