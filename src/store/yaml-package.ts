import { createRequire } from 'node:module';

const loadPackage = createRequire(import.meta.url);
let loaded: typeof import('yaml') | undefined;

/** The yaml package, loaded when a text first needs it: plain inventories never do, and it costs as much as the start of Node itself. */
export function loadYamlPackage(): typeof import('yaml') {
  loaded ??= loadPackage('yaml') as typeof import('yaml');
  return loaded;
}
