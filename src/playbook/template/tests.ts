import type { Plugins } from './plugin.ts';
import { basicTests } from './tests/basic.ts';
import { matchingTests } from './tests/matching.ts';
import { pathTests } from './tests/paths.ts';
import { resultTests } from './tests/results.ts';
import { versionTests } from './tests/versions.ts';

/** Every test by its short name: those of Jinja2 and of ansible.builtin. */
export const tests: Plugins = {
  ...basicTests,
  ...resultTests,
  ...matchingTests,
  ...versionTests,
  ...pathTests,
};
