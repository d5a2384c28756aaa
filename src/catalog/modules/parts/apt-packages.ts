import { sh } from '../../../model/command.ts';
import { done, type Planned, type Prediction } from '../../../model/module.ts';
import { makeVars } from '../../../model/value.ts';
import { type Choice, chooseInstall, chooseRemovals } from './apt-choose.ts';
import { type AptTask, planAptCall } from './apt-plan.ts';
import type { AptSpec } from './apt-specs.ts';
import { matchesPattern } from './name-pattern.ts';
import { alter, fail } from './outcome.ts';

/** Plans `state: present` and `latest` for named packages. */
export function planInstall(task: AptTask, specs: readonly AptSpec[], fixes: boolean): Planned {
  const { args, call, state } = task;
  const wishes = expand(task, specs);
  if ('problem' in wishes) return fail(wishes.problem);
  const settings = { latest: args.state === 'latest', onlyUpgrade: args.only_upgrade };
  const choices = wishes.specs.map((spec): Choice => {
    const foreseen = call.predicted(`package:${spec.name}`);
    if (foreseen === true && spec.comparison === '') return { kind: 'nothing' };
    const choice = chooseInstall(spec, state, settings);
    // a source that check mode predicts may well offer it
    const mayCome = choice.kind === 'problem' && call.checkMode && call.predictsAny('apt-source:');
    if (mayCome || (foreseen === false && choice.kind === 'nothing'))
      return { kind: 'word', word: '', name: spec.name };
    return choice;
  });
  for (const choice of choices) if (choice.kind === 'problem') return fail(choice.problem);
  const words = choices.filter((choice) => choice.kind === 'word');
  const names = [...new Set(words.map(({ name }) => name).filter(Boolean))];
  const predict = names.map((name): Prediction => ({ thing: `package:${name}`, present: true }));
  if (words.length === 0 && !fixes) return settle(task, wishes.specs);
  if (words.some(({ word }) => word === ''))
    return done(
      {
        changed: true,
        values: task.cache,
        changes: names.map((name) => `installed ${name} (foreseen)`),
      },
      predict,
    );
  return planAptCall(task, {
    words: [
      ...(args.autoremove ? ['--auto-remove'] : []),
      ...(fixes ? ['--fix-broken'] : []),
      ...(args.only_upgrade ? ['--only-upgrade'] : []),
      'install',
      ...new Set(words.map(({ word }) => word)),
    ],
    predict,
    ...(!args.only_upgrade && { proveInstalled: names }),
  });
}

/** The wishes with patterns replaced by the packages they stand for. */
function expand(
  { state }: AptTask,
  specs: readonly AptSpec[],
): { readonly specs: readonly AptSpec[] } | { readonly problem: string } {
  const all: AptSpec[] = [];
  for (const spec of specs) {
    const names = spec.isPattern
      ? state.expanded.filter((name) => matchesPattern(name, spec.name))
      : [spec.name];
    if (names.length === 0) return { problem: `No package(s) matching '${spec.name}' available` };
    all.push(...names.map((name) => ({ ...spec, name, isPattern: false })));
  }
  return { specs: all };
}

/** Nothing to install; what was installed on behalf of others is marked as wanted for itself, as Ansible does without calling it a change. */
function settle(task: AptTask, specs: readonly AptSpec[]): Planned {
  const result = { changed: false, values: task.cache };
  const automatic = specs
    .map(({ name }) => name)
    .filter((name) => task.state.automatic.has(name.replace(/:.*/, '')));
  if (automatic.length === 0 || task.call.checkMode) return done(result);
  return alter({
    actions: [{ kind: 'script', command: sh`apt-mark manual ${automatic}` }],
    result,
    failure: ({ stderr }) => `apt-mark manual failed: ${stderr.trim()}`,
  });
}

/** Plans `state: absent` for named packages. */
export function planRemove(task: AptTask, specs: readonly AptSpec[]): Planned {
  const { args, call, state } = task;
  const names = specs.flatMap((spec) => {
    const foreseen = call.predicted(`package:${spec.name}`);
    if (foreseen === false) return [];
    const found = chooseRemovals(spec, state, args.purge);
    return foreseen === true && found.length === 0 ? [spec.name] : found;
  });
  if (names.length === 0) return done({ changed: false, values: makeVars() });
  const predict = names.map((name): Prediction => ({ thing: `package:${name}`, present: false }));
  if (names.some((name) => call.predicted(`package:${name}`) === true))
    return done(
      { changed: true, changes: names.map((name) => `removed ${name} (foreseen)`) },
      predict,
    );
  return planAptCall(task, {
    words: [
      ...(args.purge ? ['--purge'] : []),
      ...(args.autoremove ? ['--auto-remove'] : []),
      'remove',
      ...new Set(names),
    ],
    predict,
  });
}
