import { makeTemplate, type PlayVars } from '../../model/play-value.ts';
import type { Loop, Task } from '../../model/playbook.ts';
import { TemplateError } from '../../model/template-error.ts';
import { makeVars, type Value } from '../../model/value.ts';
import type { PlayRun } from './play-run.ts';
import { type ItemWish, scopeOf } from './prepared-item.ts';
import type { Result } from './result-shape.ts';

/** The variables of one turn of a loop. */
export function loopVars(
  loop: Loop,
  items: readonly Value[],
  index: number,
): Record<string, Value> {
  const vars: Record<string, Value> = makeVars([
    ['ansible_loop_var', loop.loopVar],
    [loop.loopVar, items[index] ?? null],
  ]);
  if (loop.indexVar !== undefined) {
    vars['ansible_index_var'] = loop.indexVar;
    vars[loop.indexVar] = index;
  }
  if (loop.extended) vars['ansible_loop'] = extendedVars(items, index);
  return vars;
}

function extendedVars(items: readonly Value[], index: number): Value {
  const { length } = items;
  const vars: Record<string, Value> = makeVars([
    ['index', index + 1],
    ['index0', index],
    ['first', index === 0],
    ['last', index + 1 === length],
    ['length', length],
    ['revindex', length - index],
    ['revindex0', length - index - 1],
    ['allitems', items],
  ]);
  const next = items[index + 1];
  const previous = items[index - 1];
  if (next !== undefined) vars['nextitem'] = next;
  if (previous !== undefined) vars['previtem'] = previous;
  return vars;
}

/** Adds to an item's result what Ansible says of its turn. */
export function withLoopVars(result: Result, vars: PlayVars, task: Task): Result {
  const names = [
    task.loop?.loopVar,
    'ansible_loop_var',
    task.loop?.indexVar,
    'ansible_index_var',
    'ansible_loop',
  ];
  const own = names.flatMap((name) =>
    name !== undefined && vars[name] !== undefined ? [[name, vars[name] as Value] as const] : [],
  );
  return makeVars([...Object.entries(result), ...own]);
}

/** What an item is called in the output: its `label`, else the item itself. */
export function labelOf(
  run: PlayRun,
  wish: ItemWish,
): { readonly label: string } | { readonly trouble: string } {
  const { loop } = wish.task;
  if (!loop) return { label: '' };
  try {
    const value = loop.label ?? makeTemplate(`{{ ${loop.loopVar} }}`);
    return { label: labelText(run.rim.templar.render(value, scopeOf(run, wish))) };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { trouble: `Failed to template loop_control.label: ${error.message}` };
  }
}

function labelText(value: Value): string {
  if (typeof value === 'string') return value;
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return JSON.stringify(value);
}
