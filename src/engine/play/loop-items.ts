import { PendingValue } from '../../model/play-scope.ts';
import { makeTemplate, type PlayVars } from '../../model/play-value.ts';
import type { Loop, Task } from '../../model/playbook.ts';
import { TemplateError } from '../../model/template-error.ts';
import { isMapping, makeVars, type Value } from '../../model/value.ts';
import type { HostRun, PlayRun } from './play-run.ts';
import { scopeOf } from './prepared-item.ts';
import { type Result, troubled } from './result-shape.ts';

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
      trouble: troubled(error.message),
    };
  }
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
    return { trouble: troubled(said + hint) };
  }
  const own = plainLoops[loop.kind]?.(terms);
  if (own !== undefined) return 'trouble' in own ? { trouble: troubled(own.trouble) } : own;
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
  subelements: subelementsOf,
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

/** Each element of a list below a key, with the mapping it stands in (without that key). */
function subelementsOf(terms: Value): Plain {
  const [from, key, flags] = listed(terms);
  const path = String(key ?? '').split('.');
  const skips = isMapping(flags) && flags['skip_missing'] === true;
  const items: Value[] = [];
  for (const item of isMapping(from) ? Object.values(from) : listed(from ?? [])) {
    const below = valueAt(item, path);
    if (below === undefined && skips) continue;
    if (!isMapping(item) || !Array.isArray(below))
      return {
        trouble: `could not find '${path.join('.')}' key in iterated item '${shown(item)}'`,
      };
    for (const element of below as readonly Value[]) items.push([withoutPath(item, path), element]);
  }
  return { items };
}

function valueAt(value: Value, path: readonly string[]): Value | undefined {
  return path.reduce<Value | undefined>(
    (at, name) => (isMapping(at) ? at[name] : undefined),
    value,
  );
}

function withoutPath(
  item: { readonly [key: string]: Value },
  [name = '', ...rest]: readonly string[],
): Value {
  const { [name]: inner, ...others } = item;
  if (rest.length === 0 || !isMapping(inner)) return makeVars(Object.entries(others));
  return makeVars([...Object.entries(others), [name, withoutPath(inner, rest)]]);
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
