import { type Plugins, plugin } from './plugin.ts';
import { isUndefined } from './values.ts';
export const tests: Plugins = {
  defined: plugin('value', (_, [value]) => !isUndefined(value)),
};
