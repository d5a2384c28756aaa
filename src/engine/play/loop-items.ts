import { PendingValue } from '../../model/play-scope.ts';
import { makeTemplate, type PlayVars } from '../../model/play-value.ts';
import type { Loop, Task } from '../../model/playbook.ts';
import { TemplateError } from '../../model/template-error.ts';
import { isMapping, makeVars, type Value } from '../../model/value.ts';
import type { HostRun, PlayRun } from './play-run.ts';
import { scopeOf } from './prepare-item.ts';
import { failure, fieldFailure, type Result } from './result-shape.ts';

/** The items of a task's loop; undefined where there is no loop. A loop that cannot be worked out matters only when the condition holds. */
export type Items = { readonly items: readonly Value[] | undefined } | { readonly trouble: Result };

/** Works out a loop. Throws PendingValue when it needs what an unfinished task will set. */
export function findItems(
  run: PlayRun,
  host: HostRun,
  task: Task,
  pending?: ReadonlySet<string>,
): Items {
  const { loop } = task;
  if (!loop) return { items: undefined };
  try {
    return readItems(run, host, task, loop, pending);
  } catch (error) {
    if (error instanceof PendingValue || !(error instanceof TemplateError)) throw error;
    return {
      trouble: error.undefinedName === undefined ? failure(error.message) : fieldFailureOf(error),
    };
  }
}

function fieldFailureOf(error: TemplateError): Result {
  return error.undefinedName === undefined ? fieldFailure(error) : failure(error.message);
}

function readItems(
  run: PlayRun,
  host: HostRun,
  task: Task,
  loop: Loop,
  pending: ReadonlySet<string> | undefined,
): Items {
  const wish = { host, task, local: {}, ...(pending && { pending }) };
  const terms = run.rim.templar.render(loop.value, scopeOf(run, wish));
  if (loop.kind === 'loop') {
    if (Array.isArray(terms)) return { items: terms };
    const said = `Invalid data passed to 'loop', it requires a list, got this instead: ${shown(terms)}.`;
    const hint =
      ' Hint: If you passed a list/dict of just one element, try adding wantlist=True to your lookup invocation or use q/query instead of lookup.';
    return { trouble: failure(said + hint) };
  }
  const own = plainLoops[loop.kind]?.(terms);
  if (own !== undefined) return 'trouble' in own ? { trouble: failure(own.trouble) } : own;
  return { items: queryItems(run, wish, loop.kind, terms) };
}

/** Loops that read files or throw dice are the lookups of the same name. */
function queryItems(
  run: PlayRun,
  wish: { readonly host: HostRun; readonly task: Task; readonly local: PlayVars },
  kind: string,
  terms: Value,
): readonly Value[] {
  const local = makeVars([['lab_loop_terms', Array.isArray(terms) ? terms : [terms]]]);
  const found = run.rim.templar.render(
    makeTemplate(`{{ query('${kind}', *lab_loop_terms) }}`, wish.task.loop?.at),
    scopeOf(run, { ...wish, local }),
  );
  return Array.isArray(found) ? found : [found];
}

type Plain = { readonly items: readonly Value[] } | { readonly trouble: string };
const plainLoops: { readonly [kind: string]: (terms: Value) => Plain } = {
  items: (terms) => ({ items: listed(terms).flatMap(listed) }),
  list: (terms) => ({ items: listed(terms) }),
  flattened: (terms) => ({ items: flattened(terms) }),
  indexed_items: (terms) => ({
    items: listed(terms)
      .flatMap(listed)
      .map((item, index) => [index, item]),
  }),
  dict: (terms) => itemsOfMappings(terms),
  together: (terms) => ({ items: togethered(listed(terms).map(listed)) }),
  nested: (terms) => ({ items: combined(listed(terms).map(listed)) }),
};

function listed(value: Value): readonly Value[] {
  return Array.isArray(value) ? (value as readonly Value[]) : [value];
}

function flattened(value: Value): readonly Value[] {
  return Array.isArray(value) ? value.flatMap(flattened) : [value];
}

function itemsOfMappings(terms: Value): Plain {
  const found: Value[] = [];
  for (const mapping of listed(terms)) {
    if (!isMapping(mapping)) return { trouble: 'with_dict expects a dict' };
    for (const [key, value] of Object.entries(mapping))
      found.push(
        makeVars([
          ['key', key],
          ['value', value],
        ]),
      );
  }
  return { items: found };
}

function togethered(lists: readonly (readonly Value[])[]): readonly Value[] {
  const length = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length }, (_, index) => lists.map((list) => list[index] ?? null));
}

function combined(lists: readonly (readonly Value[])[]): readonly Value[] {
  return lists.reduce<Value[][]>(
    (rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])),
    [[]],
  );
}

function shown(value: Value): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
