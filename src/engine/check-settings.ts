import type { AnyCheck } from '../model/check.ts';
import type { Host } from '../model/host.ts';
import { LabError } from '../model/lab-error.ts';
import { readOptions } from '../model/options.ts';
import type { Problem } from '../model/problem.ts';
import { isMapping, makeVars, type Value, type Vars } from '../model/value.ts';
import { hintFor, type ResolvedSuite } from './suite.ts';

/** One check of a run with its settings for one host. */
export interface ChosenCheck {
  readonly check: AnyCheck;
  readonly options: unknown;
}

/** The checks of a suite that a run is narrowed to, in the suite's order; throws LabError 'usage' for one that is not in it. */
export function selectChecks(
  suite: ResolvedSuite,
  catalog: readonly AnyCheck[],
  only: readonly string[] | undefined,
): { check: AnyCheck; settings: Vars }[] {
  const names = suite.checks.map((one) => one.name);
  for (const name of only ?? [])
    if (!names.includes(name)) {
      const known = catalog.some((check) => check.name === name);
      const message = `there is no check "${name}" in the suite "${suite.name}"`;
      throw new LabError(
        'usage',
        message,
        known ? 'choose another suite with --suite, or add it there' : hintFor(name, names),
      );
    }
  return suite.checks.flatMap(({ name, settings }) => {
    const check = catalog.find((one) => one.name === name);
    return check === undefined || (only !== undefined && !only.includes(name))
      ? []
      : [{ check, settings }];
  });
}

/** Combines the suite's settings with those of each host (variable `checks`, of the host or of a group it is in; the host's win). Hosts with equal variables share one list. */
export function settleChecks(
  hosts: readonly Host[],
  chosen: readonly { readonly check: AnyCheck; readonly settings: Vars }[],
  catalog: readonly AnyCheck[],
): { byHost: ReadonlyMap<string, readonly ChosenCheck[]>; problems: Problem[] } {
  const byHost = new Map<string, readonly ChosenCheck[]>();
  const byVariable = new Map<string, readonly ChosenCheck[]>();
  const problems = new Map<string, Problem>();
  for (const host of hosts) {
    const written = host.vars['checks'] ?? null;
    const id = JSON.stringify(written);
    const settled = byVariable.get(id) ?? settle(chosen, isMapping(written) ? written : makeVars());
    byVariable.set(id, settled);
    byHost.set(host.name, settled);
    for (const problem of problemsOf(host, catalog))
      problems.set(
        JSON.stringify([problem.file, problem.line, problem.path, problem.message]),
        problem,
      );
  }
  return { byHost, problems: [...problems.values()] };
}

function settle(chosen: readonly { check: AnyCheck; settings: Vars }[], own: Vars): ChosenCheck[] {
  return chosen.map(({ check, settings }) => {
    const ownSettings = own[check.name];
    const written = isMapping(ownSettings) ? { ...settings, ...ownSettings } : settings;
    return { check, options: readOptions(check.options, written).options };
  });
}

/** Everything wrong in one host's variable `checks`. */
function problemsOf(host: Host, catalog: readonly AnyCheck[]): Problem[] {
  const written = host.vars['checks'] ?? null;
  if (written === null) return [];
  const at = host.originOf('checks') ?? host.at;
  const say: Say = (path, message, hint) => {
    return { severity: 'error', rule: 'bad-check-setting', ...at, path, message, hint };
  };
  const example = 'write checks: { disk-free: { warnPercent: 10 } }';
  if (!isMapping(written)) return [say('checks', '"checks" must be a mapping', example)];
  return Object.entries(written).flatMap(([name, settings]) => {
    const check = catalog.find((one) => one.name === name);
    if (check !== undefined) return problemsOfOne(check, settings, say);
    const names = catalog.map((one) => one.name);
    return [say(`checks.${name}`, `there is no check "${name}"`, hintFor(name, names))];
  });
}

type Say = (path: string, message: string, hint: string) => Problem;

function problemsOfOne(check: AnyCheck, settings: Value, say: Say): Problem[] {
  const path = `checks.${check.name}`;
  if (!isMapping(settings))
    return [say(path, 'settings must be a mapping', 'write name: value below it')];
  const known = Object.keys(check.options);
  return readOptions(check.options, settings).problems.map(({ name, problem }) =>
    known.includes(name)
      ? say(`${path}.${name}`, `"${name}" is not understood`, problem)
      : say(`${path}.${name}`, `"${check.name}" has no setting "${name}"`, hintFor(name, known)),
  );
}
