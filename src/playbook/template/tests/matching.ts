import { anyText } from '../arguments.ts';
import { contains, isEqual, isTrue } from '../compare.ts';
import { flagsOf } from '../filters/regexes.ts';
import { isSubset } from '../filters/sets.ts';
import { itemsOf } from '../iterate.ts';
import { type Plugin, type Plugins, plugin } from '../plugin.ts';
import { pythonPattern } from '../python-pattern.ts';
import { fail, isText, numberIn, type Py } from '../values.ts';

function matches(how: 'search' | 'match'): Plugin<boolean> {
  return plugin(
    'value pattern= ignorecase= multiline=',
    (_, [value, pattern = '', ignoreCase = false, multiline = false]) =>
      isMatch(value, pattern, flagsOf(ignoreCase, multiline), how),
  );
}

function isMatch(
  value: Py,
  pattern: Py,
  flags: string,
  how: 'search' | 'match' | 'fullmatch',
): boolean {
  const text = anyText(value);
  return pythonPattern(anyText(pattern), flags, how, text.length).regex.test(text);
}

const regex = plugin(
  'value pattern= ignorecase= multiline= match_type=',
  (_, [value, pattern = '', ignoreCase = false, multiline = false, type = 'search']) => {
    if (type !== 'search' && type !== 'match' && type !== 'fullmatch')
      return fail(`regex: there is no match_type ${anyText(type)}`);
    return isMatch(value, pattern, flagsOf(ignoreCase, multiline), type);
  },
);

const words: readonly Py[] = ['y', 'yes', 'on', '1', 'true', 't', 1];
const noWords: readonly Py[] = ['n', 'no', 'off', '0', 'false', 'f', 0];

/** Truth; with `convert_bool` words such as "no" count as they read. */
function isTruthy(value: Py, converts: boolean): boolean {
  if (!converts) return isTrue(value);
  const folded = isText(value) ? value.toLowerCase().trim() : value;
  if (words.some((word) => isEqual(word, folded))) return true;
  return noWords.some((word) => isEqual(word, folded)) ? false : isTrue(value);
}

const subset = plugin('a b', (_, [a, b]) => isSubset(a, b));
const superset = plugin('a b', (_, [a, b]) => isSubset(b, a));
const notANumber = plugin('value', (_, [value]) => Number.isNaN(numberIn(value)));

/** Ansible's tests of text, lists and truth. */
export const matchingTests: Plugins = {
  match: matches('match'),
  search: matches('search'),
  regex,
  any: plugin('value', (_, [value]) => itemsOf(value).some(isTrue)),
  all: plugin('value', (_, [value]) => itemsOf(value).every(isTrue)),
  truthy: plugin('value convert_bool=', (_, [value, converts = false]) =>
    isTruthy(value, isTrue(converts)),
  ),
  falsy: plugin(
    'value convert_bool=',
    (_, [value, converts = false]) => !isTruthy(value, isTrue(converts)),
  ),
  subset,
  issubset: subset,
  superset,
  issuperset: superset,
  contains: plugin('value item', (_, [value, item]) => contains(value, item)),
  nan: notANumber,
  isnan: notANumber,
  vault_encrypted: plugin(
    'value',
    (_, [value]) => isText(value) && value.startsWith('$ANSIBLE_VAULT;'),
  ),
};
