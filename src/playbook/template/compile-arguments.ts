import type { Frame } from './context.ts';
import { dictEntries } from './dict.ts';
import { itemsOf } from './iterate.ts';
import type { Arguments, Expression } from './syntax.ts';
import { type Args, type Dict, fail, isDict, type Py, typeName } from './values.ts';

export type CompileArguments = (args: Arguments) => (frame: Frame) => Args;

const noNames: ReadonlyMap<string, Py> = new Map();

/** Turns the arguments of a call into a function that works them out. */
export function compileArguments(
  { positional, named, spread, spreadNamed }: Arguments,
  compile: (node: Expression) => (frame: Frame) => Py,
): (frame: Frame) => Args {
  const values = positional.map(compile);
  const names = named.map(([name, value]) => [name, compile(value)] as const);
  const more = spread && compile(spread);
  const moreNames = spreadNamed && compile(spreadNamed);
  if (values.length === 0 && names.length === 0 && !more && !moreNames) {
    const empty: Args = { positional: [], named: noNames };
    return () => empty;
  }
  return (frame) => {
    const given = values.map((value) => value(frame));
    if (more) given.push(...itemsOf(more(frame)));
    if (names.length === 0 && !moreNames) return { positional: given, named: noNames };
    const byName = new Map(names.map(([name, value]) => [name, value(frame)]));
    if (moreNames) addNames(byName, moreNames(frame));
    return { positional: given, named: byName };
  };
}

function addNames(names: Map<string, Py>, value: Py): void {
  if (!isDict(value)) fail(`argument after ** must be a mapping, not ${typeName(value)}`);
  for (const [name, item] of dictEntries(value as Dict)) names.set(String(name), item);
}
