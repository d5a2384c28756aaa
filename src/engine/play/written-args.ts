import type { PlayValue, Scope } from '../../model/play-value.ts';
import type { Task } from '../../model/playbook.ts';
import { isMapping, makeVars, type Value, type Vars } from '../../model/value.ts';
import type { PlayRun } from './play-run.ts';

/** Arguments rendered: module defaults below the dictionary of `args:` below what is written; what was omitted is left out. */
export function writtenArgs(run: PlayRun, task: Task, scope: Scope): Vars {
  const { does } = task;
  if (does.kind !== 'module') return makeVars();
  const full = `${does.module.collection}.${does.module.name}`;
  const render = (vars: PlayValue | undefined): readonly (readonly [string, Value])[] => {
    const found = vars === undefined ? null : run.rim.templar.render(vars, scope);
    return isMapping(found) ? Object.entries(found) : [];
  };
  const { freeForm } = does.module;
  const layers = [task.keywords.moduleDefaults.get(full), does.argsTemplate, does.args];
  const given = makeVars(layers.flatMap((vars) => render(vars)));
  const kept = Object.entries(given).filter(([, value]) => value !== run.state.omit);
  return makeVars(
    kept.map(([name, value]) => [
      name,
      name === freeForm ? value : withoutOmitted(value, run.state.omit),
    ]),
  );
}

function withoutOmitted(value: Value, omit: string): Value {
  if (Array.isArray(value))
    return value
      .filter((item: Value) => item !== omit)
      .map((item: Value) => withoutOmitted(item, omit));
  if (!isMapping(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== omit);
  return makeVars(kept.map(([name, item]) => [name, withoutOmitted(item, omit)]));
}
