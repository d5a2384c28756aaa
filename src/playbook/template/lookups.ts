import { controllerLookups } from './lookups/controller.ts';
import { fileLookups } from './lookups/files.ts';
import { sequenceLookups } from './lookups/sequence.ts';
import { tableLookups } from './lookups/tables.ts';
import { valueLookups } from './lookups/values.ts';
import type { Plugins } from './plugin.ts';

/** Every lookup by its short name. Each takes its terms as one list. */
export const lookups: Plugins = {
  ...valueLookups,
  ...sequenceLookups,
  ...fileLookups,
  ...tableLookups,
  ...controllerLookups,
};
