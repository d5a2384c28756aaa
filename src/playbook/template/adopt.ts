import {
  isLazy,
  isPlayMapping,
  isTemplate,
  isWholeFloat,
  type Lazy,
  numberOf,
  type PlayValue,
  type Scope,
} from '../../model/play-value.ts';
import { TemplateError } from '../../model/template-error.ts';
import { makeVars, type Value } from '../../model/value.ts';
import type { Run } from './context.ts';
import { dictEntries, makeSourceDict } from './dict.ts';
import { textOf } from './text.ts';
import {
  type Dict,
  defined,
  fail,
  type Key,
  kindOf,
  makeUndefined,
  type Py,
  type Thing,
  type Tuple,
  type View,
} from './values.ts';

/** Takes a value of a scope into a template: templates in it are worked out, those in mappings when they are asked for. */
export function adopt(value: PlayValue, scope: Scope, run: Run): Py {
  if (value === null || typeof value !== 'object' || isWholeFloat(value)) return value;
  if (Array.isArray(value)) return value.map((item: PlayValue) => adopt(item, scope, run));
  if (isTemplate(value)) return run.engine.evaluate(value, scope, run);
  if (isLazy(value)) return adoptLazy(value, scope, run);
  const mapping = value as { readonly [key: string]: PlayValue };
  return makeSourceDict({
    get: (key) => {
      const found = Object.hasOwn(mapping, key) ? mapping[key] : undefined;
      return found === undefined ? undefined : adopt(found, scope, run);
    },
    keys: () => Object.keys(mapping),
  });
}

/** `missing` says what is undefined when the mapping has not a key. */
export function adoptLazy(
  lazy: Lazy,
  scope: Scope,
  run: Run,
  missing?: (key: string) => string,
): Dict {
  return makeSourceDict({
    ...(missing && { missing }),
    get: (key) => {
      try {
        const found = lazy.get(key);
        return found === undefined ? undefined : adopt(found, scope, run);
      } catch (error) {
        // a value of `hostvars` is rendered where it is made: what is undefined in it makes it undefined
        if (!(error instanceof TemplateError) || error.undefinedName === undefined) throw error;
        return makeUndefined(error.message, error.undefinedName);
      }
    },
    keys: () => lazy.keys(),
  });
}

const maxDepth = 200;

/** Gives a template's result out as plain data: tuples become lists, keys text, floats numbers; whole numbers beyond 2^53 become text. Whatever is undefined in it fails. */
export function release(value: Py, depth = 0): Value {
  if (depth > maxDepth) fail(`values nested deeper than ${maxDepth} levels cannot be given out`);
  const known = defined(value);
  switch (kindOf(known)) {
    case 'list':
      return (known as Py[]).map((item) => release(item, depth + 1));
    case 'tuple':
    case 'view':
      return (known as Tuple | View).items.map((item) => release(item, depth + 1));
    case 'dict':
      return makeVars(
        dictEntries(known as Dict).map(
          ([key, item]) => [nameOf(key), release(item, depth + 1)] as const,
        ),
      );
    case 'thing': {
      const items = (known as Thing).items?.();
      return items ? items.map((item) => release(item, depth + 1)) : textOf(known);
    }
    default:
      // no number of JavaScript holds it exactly
      if (typeof known === 'bigint') return String(known);
      return isWholeFloat(known) ? numberOf(known) : (known as null | boolean | number | string);
  }
}

/** A key as JSON prints it. */
function nameOf(key: Key): string {
  return typeof key === 'string' ? key : String(key);
}

const plain = new WeakMap<object, boolean>();

/** Whether a value is data throughout, so that rendering gives it as it is. */
export function isPlain(value: PlayValue): value is Value {
  if (value === null || typeof value !== 'object') return true;
  const before = plain.get(value);
  if (before !== undefined) return before;
  const found = Array.isArray(value)
    ? value.every((item: PlayValue) => isPlain(item))
    : isPlayMapping(value) && Object.values(value).every(isPlain);
  plain.set(value, found);
  return found;
}
