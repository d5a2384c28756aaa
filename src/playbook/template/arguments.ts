import { itemsOf } from './iterate.ts';
import { textOf } from './text.ts';
import { type Dict, defined, fail, isDict, isText, numberIn, type Py, typeName } from './values.ts';

/** A text argument; other types fail, as for a Python method that wants a text. */
export function textArgument(value: Py, what = 'argument'): string {
  const known = defined(value);
  return isText(known) ? known : fail(`${what} must be str, not ${typeName(known)}`);
}

/** Any value as text, as Ansible's filters take what they work on. */
export function anyText(value: Py): string {
  return textOf(value);
}

/** A whole number; floats with a whole value and booleans count. */
export function intArgument(value: Py, what = 'argument'): number {
  const number = numberIn(defined(value));
  return number !== undefined && Number.isInteger(number)
    ? number
    : fail(`${what} must be a whole number, not ${typeName(value)}`);
}

export function dictArgument(value: Py, what: string): Dict {
  const known = defined(value);
  return isDict(known)
    ? known
    : fail(`${what} requires a dictionary, got ${typeName(known)} instead.`);
}

export function listArgument(value: Py): readonly Py[] {
  return itemsOf(value);
}
