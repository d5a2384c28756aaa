import { TemplateError } from '../../model/template-error.ts';
import { anyText } from './arguments.ts';
import { isTrue } from './compare.ts';
import type { Context } from './context.ts';
import { dictEntries, dictGet } from './dict.ts';
import { itemsOf } from './iterate.ts';
import { callPlugin, findPlugin } from './plugin.ts';
import { type Args, type Dict, defined, fail, isText, type Py } from './values.ts';

/** Calls a lookup; several texts are joined with commas unless a list is wanted. */
export function callLookup(
  name: string,
  terms: readonly Py[],
  named: Dict,
  on: Context,
  asList: boolean,
): Py {
  const found = findPlugin(on.engine.lookups, name);
  if (!found) return fail(`lookup plugin (${name}) not found`);
  const wantsList = asList || isTrue(dictGet(named, 'wantlist') ?? false);
  const errors = anyText(dictGet(named, 'errors') ?? 'strict');
  const args: Args = { positional: [terms.map(defined)], named: optionsOf(named) };
  try {
    const results = itemsOf(callPlugin(name, found, on, args));
    return wantsList || results.length === 0 ? [...results] : joined(results);
  } catch (error) {
    const isOurs = error instanceof TemplateError && error.undefinedName === undefined;
    if (!isOurs || errors === 'strict') throw error;
    return wantsList ? [] : null;
  }
}

const notOptions: ReadonlySet<string> = new Set(['wantlist', 'errors', 'allow_unsafe']);

function optionsOf(named: Dict): ReadonlyMap<string, Py> {
  const options = dictEntries(named).map(([key, value]) => [String(key), value] as const);
  return new Map(options.filter(([key]) => !notOptions.has(key)));
}

function joined(results: readonly Py[]): Py {
  if (results.every(isText)) return results.join(',');
  return results.length === 1 ? (results[0] ?? null) : [...results];
}
