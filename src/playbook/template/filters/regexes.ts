import {
  compileReplacement,
  escapeRegex,
  type PythonRegex,
  substitute,
} from '../../../model/python-regex.ts';
import { anyText } from '../arguments.ts';
import { isTrue } from '../compare.ts';
import { grow } from '../context.ts';
import { dictGet } from '../dict.ts';
import { itemsOf } from '../iterate.ts';
import { type Plugins, plugin } from '../plugin.ts';
import { pythonPattern } from '../python-pattern.ts';
import { type Dict, fail, makeTuple, type Py } from '../values.ts';

/** The flags of `ignorecase` and `multiline`. */
export function flagsOf(ignoreCase: Py, multiline: Py): string {
  return (isTrue(ignoreCase) ? 'i' : '') + (isTrue(multiline) ? 'm' : '');
}

const regexReplace = plugin(
  'value= pattern= replacement= ignorecase= multiline=',
  (on, [value = '', pattern = '', replacement = '', ignoreCase = false, multiline = false]) => {
    const text = anyText(value);
    const regex = pythonPattern(
      anyText(pattern),
      flagsOf(ignoreCase, multiline),
      'search',
      text.length,
    );
    const read = compileReplacement(anyText(replacement), regex);
    if ('problem' in read) return fail(`regex_replace: ${read.problem}`);
    const { text: replaced } = substitute(regex, read.expand, text);
    grow(on.run, replaced.length);
    return replaced;
  },
);

const regexFindall = plugin(
  'value regex multiline= ignorecase=',
  (_, [value, pattern, multiline = false, ignoreCase = false]) => {
    const text = anyText(value);
    const { regex } = pythonPattern(
      anyText(pattern),
      flagsOf(ignoreCase, multiline),
      'search',
      text.length,
    );
    const everywhere = new RegExp(regex.source, `${regex.flags}g`);
    return [...text.matchAll(everywhere)].map(([whole, ...groups]): Py => {
      const texts = groups.map((group) => group ?? '');
      if (texts.length === 0) return whole;
      return texts.length === 1 ? (texts[0] ?? '') : makeTuple(texts);
    });
  },
);

/** The number of a group that `regex_search` is asked for by `\1` or `\g<name>`. */
function groupNumber(written: string, { groups, names }: PythonRegex): number {
  const found = /^\\g<(\S+)>/.exec(written)?.[1] ?? /^\\(\d+)/.exec(written)?.[1];
  if (found === undefined) return fail('Unknown argument');
  const number = /^\d+$/.test(found) ? Number(found) : names.get(found);
  return number === undefined || number > groups ? fail('no such group') : number;
}

const regexSearch = plugin('value regex *groups **named', (_, [value, pattern, groups, named]) => {
  const text = anyText(value);
  const flag = (name: string): Py => dictGet(named as Dict, name) ?? false;
  const regex = pythonPattern(
    anyText(pattern),
    flagsOf(flag('ignorecase'), flag('multiline')),
    'search',
    text.length,
  );
  const wanted = itemsOf(groups).map((group) => groupNumber(anyText(group), regex));
  const found = regex.regex.exec(text);
  if (!found) return null;
  return wanted.length === 0 ? found[0] : wanted.map((group) => found[group] ?? null);
});

/** Filters with Python's regular expressions. */
export const regexFilters: Plugins = {
  regex_replace: regexReplace,
  regex_findall: regexFindall,
  regex_search: regexSearch,
  regex_escape: plugin('value re_type=', (_, [value, type = 'python']) => {
    if (type === 'python') return escapeRegex(anyText(value));
    if (type === 'posix_basic') return anyText(value).replaceAll(/[\].[^$*\\]/g, '\\$&');
    return fail(`Invalid regex type (${anyText(type)})`);
  }),
};
