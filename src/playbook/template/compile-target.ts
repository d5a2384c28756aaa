import type { Frame } from './context.ts';
import { itemsOf } from './iterate.ts';
import { lookUp } from './look-up.ts';
import type { Target } from './syntax.ts';
import { fail, isThing, type Py } from './values.ts';

/** Puts a value where `set`, `for` or `with` wants it. */
export function compileTarget(target: Target): (frame: Frame, value: Py) => void {
  switch (target.kind) {
    case 'name':
      return (frame, value) => void frame.vars.set(target.name, value);
    case 'field':
      return (frame, value) => {
        const object = lookUp(frame, target.name);
        if (!object || !isThing(object) || !object.set)
          return fail('cannot assign attribute on non-namespace object');
        object.set(target.field, value);
      };
    case 'names': {
      const assigns = target.items.map(compileTarget);
      return (frame, value) => {
        const items = itemsOf(value);
        if (items.length > assigns.length)
          fail(`too many values to unpack (expected ${assigns.length})`);
        if (items.length < assigns.length)
          fail(`not enough values to unpack (expected ${assigns.length}, got ${items.length})`);
        for (const [index, assign] of assigns.entries()) assign(frame, items[index] ?? null);
      };
    }
  }
}
