import type { Plugins } from './plugin.ts';
export const globals: Plugins = {};
