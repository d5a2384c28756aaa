import { compileRegex, type PythonRegex } from '../../model/python-regex.ts';
import { fail } from './values.ts';

const known = new Map<string, PythonRegex>();

/** Texts longer than this are not searched with a pattern whose time may grow without bounds. */
const maxRiskyLength = 5000;
/** Texts longer than this are not searched at all. */
const maxLength = 4 * 1024 * 1024;

/** A pattern of Python's `re`, ready for a text of some length. Patterns that JavaScript cannot express are refused. */
export function pythonPattern(
  pattern: string,
  flags: string,
  how: 'search' | 'match' | 'fullmatch',
  length: number,
): PythonRegex {
  const key = `${how} ${flags} ${pattern}`;
  let found = known.get(key);
  if (!found) {
    const compiled = compileRegex(pattern, { flags, how });
    if ('problem' in compiled)
      return fail(`the regular expression '${pattern}': ${compiled.problem}`);
    if (known.size > 1000) known.clear();
    known.set(key, compiled);
    found = compiled;
  }
  if (length > maxLength || (length > maxRiskyLength && isRisky(pattern)))
    fail(
      `the regular expression '${pattern}' could take without end on a text of ${length} characters`,
    );
  return found;
}

/** A repeated group that itself repeats something without an end. */
function isRisky(pattern: string): boolean {
  const plain = pattern.replaceAll(/\\[\s\S]/g, 'x').replaceAll(/\[\^?\]?[^\]]*\]/g, 'x');
  const groups = [false];
  for (let at = 0; at < plain.length; at++) {
    const sign = plain.charAt(at);
    const repeats = /^(?:[*+]|\{\d*,\d*\})/.test(plain.slice(at + 1, at + 12));
    if (sign === '(') groups.push(false);
    const holds = sign === ')' && groups.length > 1 ? (groups.pop() ?? false) : false;
    if (holds && repeats) return true;
    if (repeats || holds) groups[groups.length - 1] = true;
  }
  return false;
}
