import { isTrue } from './compare.ts';
import { type Context, spend } from './context.ts';
import { callPlugin, findPlugin } from './plugin.ts';
import { type Args, fail, type Py } from './values.ts';

/** `value | name(arguments)`. */
export function callFilter(name: string, value: Py, args: Args, on: Context): Py {
  spend(on.run);
  const filter = findPlugin(on.engine.filters, name);
  if (!filter) return fail(`No filter named '${name}'.`);
  return callPlugin(name, filter, on, { ...args, positional: [value, ...args.positional] });
}

/** `value is name(arguments)`. */
export function callTest(name: string, value: Py, args: Args, on: Context): boolean {
  spend(on.run);
  const test = findPlugin(on.engine.tests, name);
  if (!test) return fail(`No test named '${name}'.`);
  return isTrue(callPlugin(name, test, on, { ...args, positional: [value, ...args.positional] }));
}
