import type { Context } from './context.ts';
import { itemsOf, sliceIndexes } from './iterate.ts';
import { fieldOf, isRange, memberOf, missing } from './members.ts';
import { methodOf } from './methods.ts';
import { callPlugin } from './plugin.ts';
import {
  type Args,
  defined,
  fail,
  isText,
  isThing,
  isTuple,
  isUndefined,
  kindOf,
  makeTuple,
  makeUndefined,
  makeView,
  numberIn,
  orElse,
  type Py,
  type Thing,
  typeName,
} from './values.ts';

/** `object.name`: a method or field first, then a key of a mapping, as Jinja2 looks. */
export function attributeOf(object: Py, name: string, on: Context): Py {
  if (isUndefined(object)) return object;
  if (methodOf(object, name)) return boundMethod(object, name, on);
  return fieldOf(object, name);
}

/** `object[key]`: a member first, then a method or field of that name. */
export function itemOf(object: Py, key: Py, on: Context): Py {
  if (isUndefined(object)) return object;
  // something undefined is the key of nothing: `default` may still help
  if (isUndefined(key)) return key;
  const index = key;
  return orElse(memberOf(object, index), () =>
    isText(index) ? attributeOf(object, index, on) : missing(object, index),
  );
}

/** `object[start:stop:step]`. */
export function sliceOf(object: Py, bounds: readonly (Py | undefined)[]): Py {
  if (isUndefined(object)) return object;
  const [start, stop, step] = bounds.map(boundOf);
  const pick = (items: readonly Py[]): Py[] =>
    sliceIndexes(items.length, start, stop, step ?? 1).map((at) => items[at] ?? null);
  if (isText(object)) return pick([...object]).join('');
  if (Array.isArray(object)) return pick(object);
  if (isTuple(object)) return makeTuple(pick(object.items));
  if (isRange(object)) return makeView('range', pick(itemsOf(object)));
  return makeUndefined(`'${typeName(object)} object' cannot be sliced`, '');
}

function boundOf(value: Py | undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (kindOf(value) === 'int' || kindOf(value) === 'bool') return numberIn(value);
  defined(value);
  return fail('slice indices must be integers or None or have an __index__ method');
}

function boundMethod(object: Py, name: string, on: Context): Thing {
  return {
    kind: 'thing',
    type: 'builtin_function_or_method',
    call: (args) => callMethod(object, name, args, on),
  };
}

/** `object.name(arguments)`. */
export function callMethod(object: Py, name: string, args: Args, on: Context): Py {
  if (!isThing(object) && !isUndefined(object)) {
    const method = methodOf(object, name);
    if (method)
      return callPlugin(name, method, on, { ...args, positional: [object, ...args.positional] });
  }
  return callValue(attributeOf(object, name, on), args);
}

/** `callee(arguments)`. */
export function callValue(callee: Py, args: Args): Py {
  const known = defined(callee);
  if (isThing(known) && known.call) return known.call(args);
  return fail(`'${typeName(known)}' object is not callable`);
}
