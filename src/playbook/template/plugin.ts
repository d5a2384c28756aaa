import type { Context } from './context.ts';
import { makeDict } from './dict.ts';
import { type Args, fail, type Py } from './values.ts';

/** Arguments in the order of a plugin's parameters. Those that may be left out are undefined at run time then: take them with a default. */
export type Bound = readonly [Py, Py, Py, Py, Py, Py, Py, Py, Py];

/** What templates call by name: a filter, a test, a method, a global or a lookup. The first argument of a filter is what stands before the bar. */
export interface Plugin<R extends Py = Py> {
  readonly parameters: readonly Parameter[];
  readonly run: (on: Context, args: Bound) => R;
}

interface Parameter {
  readonly name: string;
  readonly kind: 'needed' | 'optional' | 'rest' | 'named-rest';
}

/** Plugins by name. */
export type Plugins = { readonly [name: string]: Plugin };

/**
 * Declares a plugin by its parameters' names: `value width=` (a trailing `=` may be left out), `*rest` takes further ones as a list, `**named` further
 * named ones as a dict.
 */
export function plugin<R extends Py>(
  parameters: string,
  run: (on: Context, args: Bound) => R,
): Plugin<R> {
  return { parameters: parameters.split(' ').filter(Boolean).map(readParameter), run };
}

function readParameter(word: string): Parameter {
  if (word.startsWith('**')) return { name: word.slice(2), kind: 'named-rest' };
  if (word.startsWith('*')) return { name: word.slice(1), kind: 'rest' };
  return word.endsWith('=')
    ? { name: word.slice(0, -1), kind: 'optional' }
    : { name: word, kind: 'needed' };
}

/** Calls a plugin; arguments are bound as Python binds them. */
export function callPlugin<R extends Py>(
  called: string,
  { parameters, run }: Plugin<R>,
  on: Context,
  args: Args,
): R {
  return run(on, bind(called, parameters, args) as unknown as Bound);
}

function bind(called: string, parameters: readonly Parameter[], args: Args): (Py | undefined)[] {
  const named = args.named.size > 0 ? new Map(args.named) : undefined;
  let taken = 0;
  const bound = parameters.map((parameter): Py | undefined => {
    if (parameter.kind === 'rest') {
      const rest = args.positional.slice(taken);
      taken = args.positional.length;
      return rest;
    }
    if (parameter.kind === 'named-rest') return takeNamed(named);
    if (taken < args.positional.length) {
      if (named?.has(parameter.name))
        fail(`${called}() got multiple values for argument '${parameter.name}'`);
      return args.positional[taken++];
    }
    const value = named?.get(parameter.name);
    named?.delete(parameter.name);
    if (value === undefined && parameter.kind === 'needed')
      fail(`${called}() missing 1 required positional argument: '${parameter.name}'`);
    return value;
  });
  if (taken < args.positional.length)
    fail(
      `${called}() takes ${parameters.length} positional arguments but ${args.positional.length} were given`,
    );
  for (const name of named?.keys() ?? [])
    fail(`${called}() got an unexpected keyword argument '${name}'`);
  return bound;
}

function takeNamed(named: Map<string, Py> | undefined): Py {
  const rest = makeDict(named ?? []);
  named?.clear();
  return rest;
}

/** The plugin of a name, also when it is written in full (`ansible.builtin.combine`). */
export function findPlugin(plugins: Plugins, name: string): Plugin | undefined {
  if (Object.hasOwn(plugins, name)) return plugins[name];
  const short = shortName(name);
  return short !== undefined && Object.hasOwn(plugins, short) ? plugins[short] : undefined;
}

/** Where a name without its collection is known, that name. */
export function shortName(name: string): string | undefined {
  return /^(?:ansible\.(?:builtin|legacy|utils|netcommon|posix)|community\.(?:general|crypto))\.(\w+)$/.exec(
    name,
  )?.[1];
}
