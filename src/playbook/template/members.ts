import { dictGet, keyOf } from './dict.ts';
import { itemsOf, textLength } from './iterate.ts';
import { reprText } from './text.ts';
import {
  type Dict,
  isText,
  isThing,
  isTuple,
  kindOf,
  makeUndefined,
  numberIn,
  orElse,
  type Py,
  typeName,
  type View,
} from './values.ts';

/** A field of a thing or a key of a mapping: what `object.name` means when it is no method. */
export function fieldOf(object: Py, name: string): Py {
  if (isThing(object)) return orElse(object.get?.(name), () => missing(object, name));
  if (isTuple(object) && object.names?.includes(name))
    return object.items[object.names.indexOf(name)] ?? null;
  const found = kindOf(object) === 'dict' ? dictGet(object as Dict, name) : undefined;
  return orElse(found, () => missing(object, name));
}

/** A member of a list, a text or a mapping; undefined when there is none. */
export function memberOf(object: Py, index: Py): Py | undefined {
  if (kindOf(object) === 'dict') return dictGet(object as Dict, keyOf(index));
  if (isThing(object)) return object.item?.(index);
  const place = typeof index === 'number' || typeof index === 'boolean' ? Number(index) : undefined;
  if (place === undefined || !Number.isInteger(place)) return undefined;
  if (isText(object)) return characterAt(object, place);
  if (!Array.isArray(object) && !isTuple(object) && !isRange(object)) return undefined;
  return itemsOf(object).at(place);
}

function characterAt(text: string, place: number): string | undefined {
  return textLength(text) === text.length ? text.at(place) : [...text].at(place);
}

export function isRange(object: Py): boolean {
  return kindOf(object) === 'view' && (object as View).type === 'range';
}

/** What stands for a member that is not there. */
export function missing(object: Py, key: Py): Py {
  const source = kindOf(object) === 'dict' ? (object as Dict).source : undefined;
  if (isText(key) && source?.missing) return makeUndefined(source.missing(key), key);
  const what = object === null ? 'None' : `${typeName(object)} object`;
  return isText(key)
    ? makeUndefined(`${reprText(what)} has no attribute ${reprText(key)}`, key)
    : makeUndefined(`${what} has no element ${String(numberIn(key) ?? typeName(key))}`, '');
}
