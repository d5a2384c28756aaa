import { isEqual, isTrue } from './compare.ts';
import { type Plugins, plugin } from './plugin.ts';
import { isUndefined } from './values.ts';

const fallback = plugin(
  'value default_value= boolean=',
  (_, [value, other = '', replacesFalse = false]) =>
    isUndefined(value) || (isTrue(replacesFalse) && !isTrue(value)) ? other : value,
);
export const filters: Plugins = { default: fallback, d: fallback };
void isEqual;
