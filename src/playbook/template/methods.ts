import { dictMethods } from './methods-of-dict.ts';
import { listMethods, tupleMethods } from './methods-of-list.ts';
import { textMethods } from './methods-of-text.ts';
import type { Plugin, Plugins } from './plugin.ts';
import { kindOf, type Py } from './values.ts';

const none: Plugins = {};

function methodsOf(value: Py): Plugins {
  switch (kindOf(value)) {
    case 'str':
      return textMethods;
    case 'list':
      return listMethods;
    case 'tuple':
      return tupleMethods;
    case 'dict':
      return dictMethods;
    default:
      return none;
  }
}

/** The method of a value by its name; only those listed here can be called. */
export function methodOf(value: Py, name: string): Plugin | undefined {
  const methods = methodsOf(value);
  return Object.hasOwn(methods, name) ? methods[name] : undefined;
}
