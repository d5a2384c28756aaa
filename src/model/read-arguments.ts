import type { Arg } from './arguments.ts';
import type { AnyModule } from './module.ts';
import { makeVars, type Value, type Vars } from './value.ts';

/** A module's arguments, read; or what is wrong with them, in sentences as Ansible's argument check says them. */
export type ReadArguments =
  | {
      readonly args: Record<string, unknown>;
      readonly extra: Vars;
      readonly secrets: readonly string[];
    }
  | { readonly problems: readonly string[] };

/**
 * Reads rendered arguments by a module's table: aliases resolved, fallbacks filled in, `check` asked. `secrets` are the texts of arguments
 * that must not be shown; `extra` those beyond the table, for modules that take them.
 */
export function readArguments(module: AnyModule, written: Vars): ReadArguments {
  const table = Object.entries(module.args as Record<string, Arg<unknown>>);
  const names = new Map(
    table.flatMap(([name, { aliases }]) => [name, ...aliases].map((word) => [word, name] as const)),
  );
  const extra = Object.entries(written).filter(([name]) => !names.has(name));
  const problems = module.takesExtra ? [] : unsupported(module, extra, table);
  const args: Record<string, unknown> = Object.create(null);
  const secrets: string[] = [];
  for (const [name, arg] of table) {
    const found = readOne(module, name, arg, written);
    if ('problem' in found) problems.push(found.problem);
    else args[name] = found.value;
    if (arg.secret && 'value' in found) secrets.push(...textsOf(found.value));
  }
  const missing = table.filter(
    ([name, arg]) => arg.required && writtenFor(written, name, arg) === undefined,
  );
  if (missing.length > 0)
    problems.unshift(`missing required arguments: ${missing.map(([name]) => name).join(', ')}`);
  if (problems.length === 0) problems.push(...(module.check?.(args, () => true) ?? []));
  if (problems.length > 0) return { problems };
  return { args, extra: makeVars(extra), secrets };
}

function unsupported(
  module: AnyModule,
  extra: readonly (readonly [string, Value])[],
  table: readonly (readonly [string, Arg<unknown>])[],
): string[] {
  if (extra.length === 0) return [];
  const supported = table
    .map(([name, { aliases }]) => (aliases.length === 0 ? name : `${name} (${aliases.join(', ')})`))
    .sort();
  const names = extra.map(([name]) => name).join(', ');
  const full = `${module.collection}.${module.name}`;
  return [
    `Unsupported parameters for (${full}) module: ${names}. Supported parameters include: ${supported.join(', ')}.`,
  ];
}

function readOne(
  module: AnyModule,
  name: string,
  arg: Arg<unknown>,
  written: Vars,
): { readonly value: unknown } | { readonly problem: string } {
  const value = writtenFor(written, name, arg);
  if (value === undefined || (value === null && module.freeForm !== name))
    return { value: arg.fallback };
  const found = arg.read(value);
  if (!('problem' in found)) return found;
  if (arg.choices?.every((choice) => choice !== value) && typeof value === 'string')
    return { problem: `value of ${name} must be one of: ${arg.choices.join(', ')}, got: ${value}` };
  return {
    problem: `argument '${name}' is of type ${typeof value}: ${found.problem}${found.hint ? `, ${found.hint}` : ''}`,
  };
}

function writtenFor(written: Vars, name: string, arg: Arg<unknown>): Value | undefined {
  const word = [name, ...arg.aliases].findLast((candidate) => written[candidate] !== undefined);
  return word === undefined ? undefined : written[word];
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  return Array.isArray(value) ? value.flatMap(textsOf) : [];
}
