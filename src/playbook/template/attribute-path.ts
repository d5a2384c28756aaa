import { itemOf } from './access.ts';
import type { Context } from './context.ts';
import { isText, isUndefined, type Py } from './values.ts';

/** Reads `a.b.0` of a value, as `map(attribute='a.b.0')` and `selectattr` do. */
export function readPath(path: Py, on: Context, fallback?: Py): (value: Py) => Py {
  const parts = isText(path)
    ? path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part))
    : [path];
  return (value) => {
    let found = value;
    for (const part of parts) {
      found = itemOf(found, part, on);
      if (isUndefined(found) && fallback !== undefined) return fallback;
    }
    return found;
  };
}

/** Text in small letters, for comparisons that do not mind. */
export function foldCase(value: Py): Py {
  return isText(value) ? value.toLowerCase() : value;
}
