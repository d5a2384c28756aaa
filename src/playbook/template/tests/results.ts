import { isEqual, isTrue } from '../compare.ts';
import { dictGet } from '../dict.ts';
import { type Plugin, type Plugins, plugin } from '../plugin.ts';
import { type Dict, defined, fail, isDict, type Py } from '../values.ts';

function resultOf(value: Py, test: string): Dict {
  const known = defined(value);
  return isDict(known) ? known : fail(`The '${test}' test expects a dictionary`);
}

function flag(value: Py, name: string, test: string): boolean {
  return isTrue(dictGet(resultOf(value, test), name) ?? false);
}

const has = (name: string, wanted: boolean, test: string): Plugin<boolean> =>
  plugin('result', (_, [value]) => flag(value, name, test) === wanted);

/** A result without `changed` has changed when one of its parts has. */
function hasChanged(value: Py): boolean {
  const result = resultOf(value, 'changed');
  const own = dictGet(result, 'changed');
  if (own !== undefined) return isTrue(own);
  const parts = dictGet(result, 'results');
  if (!Array.isArray(parts)) return false;
  return parts.some((part) => isDict(part) && isTrue(dictGet(part, 'changed') ?? false));
}

/** What an asynchronous task says of itself; any other has begun and ended. */
const stage = (name: string): Plugin<boolean> =>
  plugin('result', (_, [value]) => {
    const said = dictGet(resultOf(value, name), name);
    return said === undefined || isEqual(said, 1);
  });

const failed = has('failed', true, 'failed');
const succeeded = has('failed', false, 'failed');
const changed = plugin('result', (_, [value]) => hasChanged(value));
const skipped = has('skipped', true, 'skipped');

/** Tests of what `register` keeps. */
export const resultTests: Plugins = {
  failed,
  failure: failed,
  succeeded,
  success: succeeded,
  successful: succeeded,
  unreachable: has('unreachable', true, 'unreachable'),
  reachable: has('unreachable', false, 'unreachable'),
  changed,
  change: changed,
  skipped,
  skip: skipped,
  started: stage('started'),
  finished: stage('finished'),
};
