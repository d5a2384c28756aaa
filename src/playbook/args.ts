import type { Arg } from '../model/arguments.ts';
import type { AnyModule } from '../model/module.ts';
import {
  isPlayMapping,
  isTemplate,
  isWholeFloat,
  numberOf,
  type PlayValue,
  type PlayVars,
} from '../model/play-value.ts';
import { makeVars, type Value } from '../model/value.ts';
import type { WrittenAction } from './action.ts';
import { hintFor, listWords } from './hint-for.ts';
import { holdsTemplate, type Place, reportTo } from './loading.ts';
import type { WrittenArg, WrittenArgs } from './written-args.ts';

/** Arguments of a module by their first names, checked as far as they are no templates. */
export interface CheckedArgs {
  readonly args: PlayVars;
  /** Places of the arguments, for further problems. */
  readonly written: ReadonlyMap<string, WrittenArg>;
  readonly template?: PlayValue;
}

/** Gives a module's arguments their first names and tells which are unknown, missing or not understood. */
export function checkArgs(
  module: AnyModule,
  given: WrittenArgs,
  action: WrittenAction,
  place: Place,
): CheckedArgs {
  const table = new Map(Object.entries<Arg<unknown>>(module.args));
  const found = nameArgs(module, table, given, action, place);
  const defaults = place.keywords.moduleDefaults.get(action.action.name) ?? {};
  const isOpen = found.template !== undefined;
  const report = reportTo(place.play.loading);
  for (const [name, arg] of table) {
    const value = found.written.get(name);
    if (value !== undefined) readLiteral(name, arg, value, place);
    else if (arg.required && !isOpen && !hasDefault(name, arg, defaults))
      report(
        action.at,
        'missing-argument',
        `"${action.word}" needs "${name}"`,
        describeArg(name, arg),
      );
  }
  return found;
}

function hasDefault(name: string, arg: Arg<unknown>, defaults: PlayVars): boolean {
  return [name, ...arg.aliases].some((word) => Object.hasOwn(defaults, word));
}

function describeArg(name: string, { type, choices }: Arg<unknown>): string {
  return choices ? `write ${name}: one of ${choices.join(', ')}` : `add ${name}: (${type})`;
}

function nameArgs(
  module: AnyModule,
  table: ReadonlyMap<string, Arg<unknown>>,
  given: WrittenArgs,
  action: WrittenAction,
  place: Place,
): CheckedArgs {
  const names = new Map<string, string>();
  for (const [name, arg] of table) for (const word of [name, ...arg.aliases]) names.set(word, name);
  const written = new Map<string, WrittenArg>();
  const report = reportTo(place.play.loading);
  for (const [word, arg] of given.named) {
    const name = names.get(word);
    if (name !== undefined && arg.value !== null) written.set(name, arg);
    else if (name === undefined && module.takesExtra) written.set(word, arg);
    else if (name === undefined)
      report(
        arg.key,
        'unknown-argument',
        `"${action.word}" has no argument "${word}"`,
        hintFor(word, names.keys(), listWords(table.keys())),
      );
  }
  const template = placeText(module, given, written, action, place) ?? given.template;
  const args: Record<string, PlayValue> = Object.create(null);
  for (const [name, { value }] of written) args[name] = value;
  return { args, written, ...(template !== undefined && { template }) };
}

/** Free text belongs to the module's argument for it; a template alone may give all arguments. */
function placeText(
  module: AnyModule,
  { text }: WrittenArgs,
  written: Map<string, WrittenArg>,
  action: WrittenAction,
  place: Place,
): PlayValue | undefined {
  if (text === undefined) return undefined;
  if (module.freeForm !== undefined) {
    written.set(module.freeForm, text);
    return undefined;
  }
  if (isTemplate(text.value)) return text.value;
  const hint = 'write argument=value, or argument: value below the module';
  reportTo(place.play.loading)(text.at, 'free-text', `"${action.word}" takes no free text`, hint);
  return undefined;
}

function readLiteral(name: string, arg: Arg<unknown>, given: WrittenArg, place: Place): void {
  const value = plainOf(given.value);
  if (value === undefined) return;
  const result = arg.read(value);
  if ('value' in result) return;
  const hint =
    result.hint ?? (arg.choices ? `write one of ${arg.choices.join(', ')}` : 'correct the value');
  reportTo(place.play.loading)(given.at, 'bad-argument', `"${name}": ${result.problem}`, hint);
}

/** A value without templates as plain data; undefined when it holds one. */
export function plainOf(value: PlayValue): Value | undefined {
  return holdsTemplate(value) ? undefined : stripFloats(value);
}

function stripFloats(value: PlayValue): Value {
  if (isWholeFloat(value)) return numberOf(value);
  if (Array.isArray(value)) return (value as readonly PlayValue[]).map(stripFloats);
  if (isPlayMapping(value))
    return makeVars(Object.entries(value).map(([key, item]) => [key, stripFloats(item)] as const));
  return value as Value;
}

/** Arguments as a module reads them: literal ones read, those nobody wrote at their fallback, templates given to `onTemplate`. */
export function readArgs(
  module: AnyModule,
  { args }: CheckedArgs,
  defaults: PlayVars,
): {
  readonly read: Record<string, unknown>;
  readonly open: ReadonlySet<string>;
  readonly isSound: boolean;
} {
  const read: Record<string, unknown> = {};
  const open = new Set<string>();
  let isSound = true;
  for (const [name, arg] of Object.entries<Arg<unknown>>(module.args)) {
    const word = [name, ...arg.aliases].find((one) => Object.hasOwn(defaults, one));
    const value = args[name] ?? (word === undefined ? undefined : defaults[word]);
    const plain = value === undefined ? undefined : plainOf(value);
    if (value !== undefined && plain === undefined) open.add(name);
    const result = plain === undefined ? { value: arg.fallback } : arg.read(plain);
    if (!('value' in result)) isSound = false;
    else if (!open.has(name)) read[name] = result.value;
  }
  return { read, open, isSound };
}
