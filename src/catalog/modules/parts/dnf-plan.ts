import { type Command, sh } from '../../../model/command.ts';
import {
  type Act,
  ask,
  type Call,
  done,
  type ModuleResult,
  type Planned,
  type Prediction,
  probeScript,
  type Ran,
} from '../../../model/module.ts';
import { type DnfArgs, dnfOptions, isAbsent } from './dnf-args.ts';
import { type DnfFound, dnfLook, isNewerThere, parseDnfLook } from './dnf-look.ts';
import { dnfFailure, dnfResults, isTransaction } from './dnf-outcome.ts';
import { alter, fail } from './outcome.ts';
import { script } from './script-action.ts';

interface Task {
  readonly args: DnfArgs;
  readonly call: Call;
  readonly found: DnfFound;
}

/** Inspects and plans a dnf task. */
export function inspectDnf(args: DnfArgs, call: Call): Planned {
  const look = dnfLook(namesOf(args), args.installroot);
  return ask({ look: probeScript(look) }, ({ look: ran }) => planDnf(args, call, ran.stdout));
}

const namesOf = ({ name }: DnfArgs): string[] =>
  (name ?? []).map((item) => item.trim()).filter((item) => item !== '' && item !== '*');

/** Plans a dnf task from what `dnfLook` printed: names rpm has are done with at once, all else dnf decides. */
export function planDnf(args: DnfArgs, call: Call, stdout: string): Planned {
  const found = parseDnfLook(stdout, namesOf(args));
  const task = { args, call, found };
  if (found.program === '') return fail('neither dnf nor yum is installed on this host');
  if (isAbsent(args.state) || (args.autoremove && args.state === undefined))
    return planAbsent(task);
  const names = namesOf(args);
  const isThere = (name: string) =>
    found.installed.has(name) || call.predicted(`package:${name}`) === true;
  if (args.state === 'latest') return planLatest(task, names, isThere);
  const wanted = names.filter(
    (name) => !isThere(name) && (args.allow_downgrade || !isNewerThere(name, found)),
  );
  if (wanted.length > 0) return run(task, [['install', ...wanted]], predictAll(wanted, true));
  return args.update_cache && (args.name ?? []).length === 0 ? planCache(task) : done(nothing);
}

const nothing: ModuleResult = {
  changed: false,
  msg: 'Nothing to do',
  values: { rc: 0, results: [] },
};

const predictAll = (names: readonly string[], present: boolean): Prediction[] =>
  names.map((name) => ({ thing: `package:${name}`, present }));

function planLatest(
  task: Task,
  names: readonly string[],
  isThere: (name: string) => boolean,
): Planned {
  const { args } = task;
  if ((args.name ?? []).some((name) => name.trim() === '*')) return run(task, [['upgrade']], []);
  const old = names.filter(isThere);
  const fresh = args.update_only ? [] : names.filter((name) => !isThere(name));
  const calls = [
    ...(old.length > 0 ? [['upgrade', ...old]] : []),
    ...(fresh.length > 0 ? [['install', ...fresh]] : []),
  ];
  return calls.length === 0 ? done(nothing) : run(task, calls, predictAll(fresh, true));
}

function planAbsent(task: Task): Planned {
  const { args, call, found } = task;
  if (args.name === undefined) return run(task, [['autoremove']], []);
  const names = namesOf(args).filter(
    (name) =>
      (found.installed.has(name) || !isKnowable(name)) &&
      call.predicted(`package:${name}`) !== false,
  );
  if (names.length === 0) return done(nothing);
  const keep = found.program.endsWith('dnf') && !args.autoremove ? ['--noautoremove'] : [];
  return run(task, [['remove', ...keep, ...names]], predictAll(names, false));
}

/** Groups and comparisons are dnf's to judge. */
const isKnowable = (name: string) => !/^@|[<>=]/.test(name);

function run(
  task: Task,
  calls: readonly (readonly string[])[],
  predict: readonly Prediction[],
): Planned {
  const { args, call, found } = task;
  const options = dnfOptions(args);
  if (!call.checkMode) return act(task, calls, predict);
  const commands = calls.map(
    (words) => sh`${found.program} ${options} --assumeno ${words} </dev/null`,
  );
  return ask({ tried: probeScript(joinTries(commands)) }, ({ tried }) => {
    const aborted = /^Operation aborted|^Exiting on user command/m.test(
      tried.stdout + tried.stderr,
    );
    if (tried.exitCode !== 0 && !aborted && !isTransaction(tried.stdout))
      return fail(dnfFailure(tried));
    const result = resultOf(tried);
    return done(result, result.changed ? predict : []);
  });
}

/** `--assumeno` ends with 1 where there is something to do. */
function joinTries(commands: readonly Command[]): Command {
  const lines = commands.map(({ script: text }) => `${text} || rc=$?`);
  return sh`rc=0
${{ script: lines.join('\n') }}
exit $rc`;
}

function act(
  task: Task,
  calls: readonly (readonly string[])[],
  predict: readonly Prediction[],
): Act {
  const { args, found } = task;
  return alter({
    actions: calls.map((words) =>
      script(lockedScript(found.program, [...dnfOptions(args), '-y', ...words], args.lock_timeout)),
    ),
    result: { changed: true, values: { rc: 0 } },
    predict,
    failure: dnfFailure,
    next: (ran) => done(joinResults(ran.map(resultOf))),
  });
}

/** dnf itself would wait for ever for whoever holds its lock. */
function lockedScript(program: string, words: readonly string[], timeout: number): Command {
  return sh`until=$(($(date +%s) + ${timeout}))
out=$(mktemp) || exit
trap 'rm -f "$out"' EXIT
while :; do
  rc=0
  ${program} --setopt=exit_on_lock=True ${words} >"$out" 2>&1 </dev/null || rc=$?
  [ $rc != 0 ] && [ "$(date +%s)" -lt "$until" ] && grep -qi 'another app is\|waiting for process with pid\|exiting because exit_on_lock\|lock.*held by' "$out" || break
  sleep 1
done
cat "$out"
exit $rc`;
}

function resultOf(ran: Ran): ModuleResult {
  const changed = isTransaction(ran.stdout);
  if (!changed) return nothing;
  const results = dnfResults(ran.stdout);
  return { changed, msg: '', values: { rc: 0, results }, changes: results };
}

function joinResults(results: readonly ModuleResult[]): ModuleResult {
  const changes = results.flatMap((result) => result.changes ?? []);
  if (!results.some(({ changed }) => changed)) return nothing;
  return { changed: true, msg: '', values: { rc: 0, results: changes }, changes };
}

function planCache(task: Task): Planned {
  const result = { changed: false, msg: 'Cache updated', values: { rc: 0, results: [] } };
  if (task.call.checkMode) return done(result);
  return alter({
    actions: [
      script(
        lockedScript(
          task.found.program,
          [...dnfOptions(task.args), 'makecache'],
          task.args.lock_timeout,
        ),
      ),
    ],
    result,
    failure: dnfFailure,
  });
}
