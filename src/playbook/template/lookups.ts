import type { Plugins } from './plugin.ts';
export const lookups: Plugins = {};
