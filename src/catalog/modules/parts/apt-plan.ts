import { sh } from '../../../model/command.ts';
import {
  ask,
  type Call,
  done,
  type ModuleResult,
  type Planned,
  type Prediction,
  probeScript,
  type Ran,
} from '../../../model/module.ts';
import { makeVars, type Vars } from '../../../model/value.ts';
import { type AptArgs, aptOptions } from './apt-args.ts';
import type { AptState } from './apt-look.ts';
import { aptChanges, aptDiff, aptFailure, isAltered, outputOf } from './apt-outcome.ts';
import { aptScript } from './apt-run.ts';
import { fail } from './outcome.ts';

/** What planning an apt task needs to know. */
export interface AptTask {
  readonly args: AptArgs;
  readonly call: Call;
  readonly state: AptState;
  /** `cache_updated` and `cache_update_time`. */
  readonly cache: Vars;
  /** Whether the lists were, or in check mode would be, brought up to date. */
  readonly cacheUpdated: boolean;
}

/** One call of apt-get that may alter packages. */
export interface AptCall {
  /** The command and its own words: `install vim`, `dist-upgrade`. */
  readonly words: readonly string[];
  readonly predict?: readonly Prediction[];
  /** Names that must be installed in the end. */
  readonly proveInstalled?: readonly string[];
  /** A simulation costs no more than the real thing: look first whether anything is to be done. */
  readonly lookFirst?: boolean;
  /** How to tell from the output that something was altered. */
  readonly isAltered?: (stdout: string) => boolean;
  /** What follows in the same task; default: the end. */
  next?(result: ModuleResult): Planned;
}

/** Runs apt-get; in check mode, and where told to look first, only its simulation (`-s`), which takes no lock and changes nothing. */
export function planAptCall(task: AptTask, wish: AptCall): Planned {
  const argv = ['apt-get', ...aptOptions(task.args), ...releaseOptions(task.args), ...wish.words];
  if (!task.call.checkMode && wish.lookFirst !== true) return act(task, wish, argv);
  // apt would write down what it plans
  const simulation = ['apt-get', '-s', '-o', 'Dir::Log::Planner=/dev/null', ...argv.slice(1)];
  return ask({ simulated: probeScript(sh`${simulation}`) }, ({ simulated }) => {
    if (simulated.exitCode !== 0)
      return fail(aptFailure(shownOf(argv), simulated, 0), outputOf(simulated));
    const result = resultOf(task, wish, simulated);
    if (task.call.checkMode || !result.changed)
      return wish.next?.(result) ?? done(result, task.call.checkMode ? wish.predict : undefined);
    return act(task, wish, argv);
  });
}

function act(task: AptTask, wish: AptCall, argv: readonly string[]): Planned {
  const { args } = task;
  const run = { lockTimeout: args.lock_timeout, policyRcD: args.policy_rc_d };
  const proof = wish.proveInstalled ?? [];
  return {
    kind: 'act',
    actions: [
      { kind: 'script', command: aptScript(argv, run) },
      ...(proof.length > 0 ? [{ kind: 'script', command: proofScript(proof) } as const] : []),
    ],
    expected: { changed: true, values: task.cache },
    ...(wish.predict && { predict: wish.predict }),
    read([ran, proved]) {
      if (ran === undefined || ran.exitCode !== 0) {
        const reason =
          ran === undefined
            ? 'apt-get was not run'
            : aptFailure(shownOf(argv), ran, args.lock_timeout);
        return fail(
          reason,
          ran && makeVars([['rc', ran.exitCode], ...Object.entries(outputOf(ran))]),
        );
      }
      if (proved !== undefined && proved.exitCode !== 0)
        return fail(
          `apt-get reported success, yet ${proved.stdout.trim()} is not installed`,
          outputOf(ran),
        );
      const result = resultOf(task, wish, ran);
      return wish.next?.(result) ?? done(result);
    },
  };
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: a format of dpkg-query
const statusFormat = '${db:Status-Status} ';
/** Names the first package that is not there, unless all are; apt-mark too, so that autoremove leaves alone what was asked for by name. */
const proofScript = (names: readonly string[]) =>
  sh`apt-mark manual ${names} >/dev/null 2>&1
for n in ${names}; do
  dpkg-query -W -f=${statusFormat} "$n" 2>/dev/null | grep -q installed || { echo "$n"; exit 1; }
done`;

function resultOf(task: AptTask, wish: AptCall, ran: Ran): ModuleResult {
  const changed = (wish.isAltered ?? isAltered)(ran.stdout);
  const diff = task.call.diffMode ? aptDiff(ran.stdout) : [];
  return {
    changed,
    values: makeVars([...Object.entries(task.cache), ...Object.entries(outputOf(ran))]),
    ...(diff.length > 0 && { diff }),
    ...(changed && { changes: aptChanges(ran.stdout) }),
  };
}

function releaseOptions({ default_release, install_recommends }: AptArgs): string[] {
  return [
    ...(default_release === undefined ? [] : ['-t', default_release]),
    ...(install_recommends === undefined
      ? []
      : ['-o', `APT::Install-Recommends=${install_recommends ? 'yes' : 'no'}`]),
  ];
}

/** The command as a person would type it, without the settings that every call carries. */
function shownOf(argv: readonly string[]): string {
  return argv
    .filter((word, index) => word !== '-o' && argv[index - 1] !== '-o' && word !== '-y')
    .join(' ');
}
