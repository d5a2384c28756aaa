import { type Command, sh } from '../../../model/command.ts';
import {
  ask,
  type Call,
  done,
  type Planned,
  probeScript,
  type Ran,
} from '../../../model/module.ts';
import { makeVars, type Value, type Vars } from '../../../model/value.ts';
import { outputOf } from './apt-outcome.ts';
import { missingProgram } from './missing-program.ts';
import { alter, complaintOf, fail } from './outcome.ts';
import { isAnswered, type PipWish, parseFreeze, parsePipWishes } from './pip-wishes.ts';
import { script } from './script-action.ts';
import { splitWords } from './words.ts';

/** Arguments of `pip`, by Ansible's names. */
export interface PipArgs {
  name: readonly string[] | undefined;
  version: string | undefined;
  requirements: string | undefined;
  state: string;
  virtualenv: string | undefined;
  virtualenv_command: string;
  virtualenv_python: string | undefined;
  virtualenv_site_packages: boolean;
  executable: string | undefined;
  editable: boolean;
  extra_args: string | undefined;
  chdir: string | undefined;
  umask: string | undefined;
}

/** Sets `$pip` to the command that is meant, or leaves it empty: the environment's own, the one told, else the system's for Python 3. */
function findPip({ virtualenv, executable, chdir }: PipArgs): Command {
  return sh`${{ script: chdir === undefined ? '' : sh`cd ${chdir} || exit`.script }}
pip= env=${virtualenv ?? ''}
case $env in '~/'*) env=$HOME/$(echo "$env" | cut -c 3-) ;; esac
for p in ${virtualenv === undefined ? [] : ['pip3', 'pip']}; do [ -n "$pip" ] || [ ! -x "$env/bin/$p" ] || pip=$env/bin/$p; done
for p in ${virtualenv === undefined ? [executable ?? 'pip3', ...(executable === undefined ? ['pip'] : [])] : []}; do [ -n "$pip" ] || pip=$(command -v "$p"); done
export PIP_DISABLE_PIP_VERSION_CHECK=1`;
}

/** Prints which pip there is and what it lists. */
export function pipLook(args: PipArgs): Command {
  return sh`${{ script: findPip(args).script }}
[ -z "$env" ] || [ ! -e "$env/bin/activate" ] || echo @@env
[ -n "$pip" ] || exit 0
echo "@@pip $pip"
export PYTHONDONTWRITEBYTECODE=1
"$pip" list --format=freeze </dev/null 2>/dev/null || "$pip" freeze </dev/null`;
}

interface Task {
  readonly args: PipArgs;
  readonly call: Call;
  readonly wishes: readonly PipWish[];
  readonly values: Vars;
  readonly extra: readonly string[];
  readonly installed: ReadonlyMap<string, string>;
  /** The environment is yet to be made. */
  readonly isNewEnv: boolean;
}

/** Plans what `pipLook` found to be wrong: names that are all there need no network. */
export function planPip(args: PipArgs, call: Call, look: Ran): Planned {
  if (look.exitCode !== 0) return fail(`pip does not answer: ${complaintOf(look)}`);
  const extra = splitWords(args.extra_args ?? '');
  if ('problem' in extra) return fail(`extra_args: ${extra.problem}`);
  const wishes = parsePipWishes(args.name ?? [], args.version);
  const isNewEnv = args.virtualenv !== undefined && !look.stdout.startsWith('@@env');
  if (!isNewEnv && !/^@@pip /m.test(look.stdout))
    return missingProgram(
      call,
      `Unable to find ${args.executable ?? 'pip3'} to use. pip needs to be installed.`,
    );
  const task: Task = {
    args,
    call,
    wishes,
    extra,
    isNewEnv,
    installed: parseFreeze(look.stdout),
    values: valuesOf(args, wishes),
  };
  return args.state === 'absent' ? planAbsent(task) : planPresent(task);
}

function planAbsent(task: Task): Planned {
  const { args, wishes, installed, isNewEnv, extra, values } = task;
  const doomed = wishes.filter(({ name }) => name !== '' && installed.has(name));
  const isNothing = args.requirements === undefined && doomed.length === 0;
  if (isNothing || isNewEnv) return done({ changed: false, values });
  const names = doomed.map(({ name }) => name);
  return run(task, ['uninstall', '-y', ...extra, ...requirementWords(args), ...names]);
}

function planPresent(task: Task): Planned {
  const { args, call, wishes, installed, isNewEnv, extra, values } = task;
  const answers = wishes.map((wish) => isAnswered(wish, installed));
  const isPlain = args.state === 'present' && args.requirements === undefined && !args.editable;
  if (!isNewEnv && isPlain && answers.every((answer) => answer === true))
    return done({ changed: false, values });
  if (call.checkMode && (isNewEnv || answers.includes(false) || args.state === 'forcereinstall'))
    return done({ changed: true, values, changes: changesOf(task) });
  const force = { latest: ['-U'], forcereinstall: ['-U', '--force-reinstall'] }[args.state] ?? [];
  const names = wishes.flatMap(({ text, name }) =>
    args.editable && name === '' ? ['-e', text] : [text],
  );
  return run(task, ['install', ...force, ...extra, ...names, ...requirementWords(args)]);
}

const requirementWords = ({ requirements }: PipArgs) =>
  requirements === undefined ? [] : ['-r', requirements];

function valuesOf(args: PipArgs, wishes: readonly PipWish[]): Vars {
  const entries: [string, Value][] = [['name', wishes.map(({ text }) => text)]];
  for (const key of ['version', 'state', 'requirements', 'virtualenv'] as const)
    entries.push([key, args[key] ?? null]);
  return makeVars(entries);
}

function changesOf({ args, wishes }: Task): string[] {
  const word = args.state === 'absent' ? 'removed' : 'installed';
  return [
    ...wishes.map(({ text }) => `${word} ${text}`),
    ...(args.requirements === undefined ? [] : [`${word} ${args.requirements}`]),
  ];
}

/** Makes the environment where it is missing, then runs pip. */
function run(task: Task, words: readonly string[]): Planned {
  const { args, call, values, isNewEnv } = task;
  if (call.checkMode) return tryOut(task, words);
  const env = isNewEnv ? envScript(args) : '';
  if (typeof env !== 'string') return fail(env.problem);
  const umask = args.umask === undefined ? '' : sh`umask ${args.umask}`.script;
  const cmd = ['pip', ...words].join(' ');
  const command = sh`${{ script: umask }}
${{ script: env }}
${{ script: findPip(args).script }}
[ -n "$pip" ] || { echo "pip is not in the environment" >&2; exit 1; }
"$pip" ${words} </dev/null`;
  return alter({
    actions: [script(command)],
    result: { changed: true, values, changes: changesOf(task) },
    failure: pipFailure,
    next([ran]) {
      const stdout = ran?.stdout ?? '';
      const changed = isNewEnv || /Successfully (?:un)?installed/.test(stdout);
      return done({
        changed,
        values: { ...values, cmd, ...(ran && outputOf(ran)) },
        ...(changed && { changes: changesOf(task) }),
      });
    },
  });
}

function envScript(args: PipArgs): string | { readonly problem: string } {
  const words = splitWords(args.virtualenv_command);
  if ('problem' in words) return { problem: `virtualenv_command: ${words.problem}` };
  const isVenv = words.includes('venv') || words.some((word) => word.endsWith('pyvenv'));
  const python = args.virtualenv_python ?? (isVenv ? undefined : 'python3');
  const flags = [
    ...(args.virtualenv_site_packages ? ['--system-site-packages'] : []),
    ...(python === undefined ? [] : [`-p${python}`]),
  ];
  return sh`${{ script: args.chdir === undefined ? '' : sh`cd ${args.chdir} || exit`.script }}
env=${args.virtualenv ?? ''}
case $env in '~/'*) env=$HOME/$(echo "$env" | cut -c 3-) ;; esac
${words} ${flags} "$env" </dev/null || exit`.script;
}

/** Asks pip what it would do (`--dry-run`, pip 22.2); one that cannot tell counts as a change. */
function tryOut(task: Task, words: readonly string[]): Planned {
  const { args, values } = task;
  const changed = { changed: true, values, changes: changesOf(task) };
  if (args.state === 'absent') return done(changed);
  const [command = '', ...rest] = words;
  const look = sh`${{ script: findPip(args).script }}
"$pip" ${command} --dry-run --no-cache-dir ${rest} </dev/null`;
  return ask({ tried: probeScript(look) }, ({ tried }) => {
    if (tried.exitCode !== 0)
      return /no such option/.test(tried.stderr) ? done(changed) : fail(pipFailure(tried));
    return done(/^Would install/m.test(tried.stdout) ? changed : { changed: false, values });
  });
}

function pipFailure(ran: Ran): string {
  const text = `${ran.stderr}\n${ran.stdout}`;
  if (text.includes('externally-managed-environment'))
    return 'this Python belongs to the system (PEP 668): use virtualenv, or extra_args: --break-system-packages';
  const full = /^.*No space left on device.*$/m.exec(text)?.[0];
  if (full !== undefined) return `the disk is full: ${full.trim()}`;
  const errors = ran.stderr.split('\n').filter((line) => /^ERROR:/i.test(line));
  return `pip failed: ${errors.length > 0 ? errors.join('\n') : complaintOf(ran)}`;
}
