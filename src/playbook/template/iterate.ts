import { dictKeys, dictSize } from './dict.ts';
import {
  type Dict,
  defined,
  fail,
  kindOf,
  nothing,
  type Py,
  type Thing,
  type Tuple,
  typeName,
  type View,
} from './values.ts';

/** The members a `for` goes through: of lists and tuples, the keys of a dict, the characters of a text. */
export function itemsOf(value: Py): readonly Py[] {
  if (Array.isArray(value)) return value;
  if (value === nothing) return [];
  const known = defined(value);
  switch (kindOf(known)) {
    case 'tuple':
    case 'view':
      return (known as Tuple | View).items;
    case 'dict':
      return dictKeys(known as Dict);
    case 'str':
      return [...(known as string)];
    case 'thing': {
      const items = (known as Thing).items?.();
      if (items) return items;
      break;
    }
  }
  return fail(`'${typeName(known)}' object is not iterable`);
}

export function isIterable(value: Py): boolean {
  const kind = kindOf(value);
  if (kind === 'thing') return (value as Thing).items !== undefined;
  return ['list', 'tuple', 'view', 'dict', 'str'].includes(kind);
}

const surrogate = /[\ud800-\udfff]/;

/** How many characters a text has to Python: code points. */
export function textLength(text: string): number {
  return surrogate.test(text) ? [...text].length : text.length;
}

/** Python's `len()`. */
export function lengthOf(value: Py): number {
  if (value === nothing) return 0;
  const known = defined(value);
  if (typeof known === 'string') return textLength(known);
  if (kindOf(known) === 'dict') return dictSize(known as Dict);
  if (!isIterable(known)) return fail(`object of type '${typeName(known)}' has no len()`);
  return itemsOf(known).length;
}

/** Start, stop and step of a slice, as Python bounds them for a length. */
export function sliceIndexes(
  length: number,
  start: number | undefined,
  stop: number | undefined,
  step: number,
): number[] {
  if (step === 0) fail('slice step cannot be zero');
  const bound = (index: number | undefined, fallback: number): number => {
    if (index === undefined) return fallback;
    const counted = index < 0 ? index + length : index;
    return Math.max(step > 0 ? 0 : -1, Math.min(step > 0 ? length : length - 1, counted));
  };
  const from = bound(start, step > 0 ? 0 : length - 1);
  const to = bound(stop, step > 0 ? length : -1);
  const indexes: number[] = [];
  for (let at = from; step > 0 ? at < to : at > to; at += step) indexes.push(at);
  return indexes;
}
