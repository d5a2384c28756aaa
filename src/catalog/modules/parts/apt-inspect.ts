import {
  ask,
  type Call,
  done,
  type ModuleResult,
  type Planned,
  probeScript,
  type Ran,
} from '../../../model/module.ts';
import { makeVars, type Vars } from '../../../model/value.ts';
import { type AptArgs, isPresent } from './apt-args.ts';
import { planDeb } from './apt-deb.ts';
import { type AptLook, type AptState, aptLook, parseAptLook } from './apt-look.ts';
import { aptFailure } from './apt-outcome.ts';
import { planInstall, planRemove } from './apt-packages.ts';
import { type AptTask, planAptCall } from './apt-plan.ts';
import { aptScript, aptUpdateScript } from './apt-run.ts';
import { type AptSpec, parseAptSpecs } from './apt-specs.ts';
import { alter, fail } from './outcome.ts';
import { script } from './script-action.ts';

/** How to look at a host for an apt task, or why the task makes no sense. */
export function readAptWish(
  args: AptArgs,
): { readonly look: AptLook; readonly all: boolean } | { readonly problem: string } {
  const names = args.name ?? [];
  const all = names.some((name) => name.trim() === '*');
  if (all && args.state === 'latest' && names.length > 1)
    return {
      problem: 'unable to install additional packages when upgrading all installed packages',
    };
  const parsed = parseAptSpecs(all && args.state === 'latest' ? [] : names);
  if ('problem' in parsed) return parsed;
  const installs = isPresent(args.state) || args.state === 'latest' || args.state === 'fixed';
  const versioned = parsed.specs.some(({ comparison }) => comparison !== '');
  const offers = !installs
    ? 'never'
    : versioned || args.state === 'latest'
      ? 'always'
      : 'when-missing';
  return {
    all: all && args.state === 'latest',
    look: { specs: parsed.specs, offers, defaultRelease: args.default_release },
  };
}

/** Inspects and plans an apt task. */
export function inspectApt(args: AptArgs, call: Call): Planned {
  const wish = readAptWish(args);
  if ('problem' in wish) return fail(wish.problem);
  return ask({ look: probeScript(aptLook(wish.look)) }, ({ look }) => planApt(args, call, look));
}

/** Plans an apt task from what `aptLook` printed: clean, then the lists, then packages, as Ansible's order is. */
export function planApt(args: AptArgs, call: Call, look: Ran): Planned {
  const wish = readAptWish(args);
  if ('problem' in wish) return fail(wish.problem);
  const state = parseAptLook(look);
  if (state.nativeArchitecture === '')
    return fail(`dpkg and apt do not answer on this host: ${look.stderr.trim()}`);
  const cleans = args.clean && state.hasArchives;
  const goOn = (): Planned => planLists(args, call, { ...wish, state, cleaned: cleans });
  if (!cleans || call.checkMode) return goOn();
  return alter({
    actions: [script(aptScript(['apt-get', 'clean'], { lockTimeout: args.lock_timeout }))],
    result: { changed: true, changes: ['removed fetched packages'] },
    failure: (ran) => aptFailure('apt-get clean', ran, args.lock_timeout),
    next: goOn,
  });
}

interface Found {
  readonly look: AptLook;
  readonly all: boolean;
  readonly state: AptState;
  readonly cleaned: boolean;
}

function planLists(args: AptArgs, call: Call, found: Found): Planned {
  const { state } = found;
  const wanted = args.update_cache ?? args.cache_valid_time > 0;
  const isFresh = args.cache_valid_time > 0 && state.cacheTime + args.cache_valid_time >= state.now;
  if (!wanted || isFresh) return planAsked(taskOf(args, call, state, false), found);
  if (call.checkMode) return planAsked(taskOf(args, call, state, true), found);
  const run = {
    lockTimeout: args.lock_timeout,
    retries: args.update_cache_retries,
    maxDelay: args.update_cache_retry_max_delay,
  };
  return alter({
    actions: [script(aptUpdateScript(run))],
    result: { changed: true, changes: ['brought the package lists up to date'] },
    failure: (ran) =>
      `Failed to update apt cache: ${aptFailure('apt-get update', ran, args.lock_timeout)}`,
    next: () =>
      ask({ look: probeScript(aptLook(found.look)) }, ({ look }) => {
        const after = parseAptLook(look);
        const task = taskOf(args, call, after, after.cacheTime !== state.cacheTime);
        return planAsked(task, { ...found, state: after });
      }),
  });
}

function taskOf(args: AptArgs, call: Call, state: AptState, cacheUpdated: boolean): AptTask {
  const cache: Vars = makeVars([
    ['cache_updated', cacheUpdated],
    ['cache_update_time', state.cacheTime],
  ]);
  return { args, call, state, cache, cacheUpdated };
}

function planAsked(task: AptTask, { look, all, cleaned }: Found): Planned {
  const { args } = task;
  if (args.deb !== undefined) return planDeb(task, args.deb);
  if (args.upgrade !== 'no' || all) return planUpgrade(task, all ? 'yes' : args.upgrade);
  if (look.specs.length === 0) return planTidying(task, cleaned);
  return planNamed(task, look.specs);
}

function planNamed(task: AptTask, specs: readonly AptSpec[]): Planned {
  const { state } = task.args;
  if (state === 'absent' || state === 'removed') return planRemove(task, specs);
  if (state === 'build-dep')
    return planAptCall(task, {
      words: ['build-dep', ...specs.map(({ text }) => text)],
      lookFirst: true,
    });
  return planInstall(task, specs, state === 'fixed');
}

function planUpgrade(task: AptTask, mode: string): Planned {
  const { args } = task;
  const command =
    mode === 'dist' || mode === 'full' ? ['dist-upgrade'] : ['upgrade', '--with-new-pkgs'];
  return planAptCall(task, {
    words: [
      ...command,
      ...(args.autoremove ? ['--auto-remove'] : []),
      ...(args.purge ? ['--purge'] : []),
    ],
    lookFirst: true,
  });
}

/** What is left without names: autoclean, autoremove, and repairing (`state: fixed`). */
function planTidying(task: AptTask, cleaned: boolean): Planned {
  const { args } = task;
  const start: ModuleResult = { changed: task.cacheUpdated || cleaned, values: task.cache };
  const steps: ((sofar: ModuleResult) => Planned)[] = [];
  const then = (index: number, sofar: ModuleResult): Planned =>
    steps[index]?.(sofar) ?? done(sofar);
  const add = (words: readonly string[], isAltered?: (stdout: string) => boolean) => {
    const index = steps.length;
    steps.push((sofar) =>
      planAptCall(task, {
        words,
        lookFirst: true,
        ...(isAltered && { isAltered }),
        next: (result) => then(index + 1, join(sofar, result)),
      }),
    );
  };
  if (args.autoclean) add(['autoclean'], (stdout) => /^Del /m.test(stdout));
  if (args.autoremove) add([...(args.purge ? ['--purge'] : []), 'autoremove']);
  if (args.state === 'fixed') add(['--fix-broken', 'install']);
  return then(0, start);
}

function join(first: ModuleResult, second: ModuleResult): ModuleResult {
  return {
    ...second,
    changed: first.changed || second.changed,
    changes: [...(first.changes ?? []), ...(second.changes ?? [])],
  };
}
