/** Longest regular expression a target pattern may hold. */
const maxLength = 200;
/** Longest host name it is tried on. */
const maxNameLength = 255;
/** Repetitions without an end: each one multiplies the time by the length of a name. */
const maxRepetitions = 3;

/**
 * Reads the regular expression of a `~` pattern into a test that begins at a name's first character, as Ansible's does. Expressions whose time grows
 * without bounds (a repetition of a group that repeats or chooses, references back) are refused.
 */
export function parseRegex(
  text: string,
): ((name: string) => boolean) | { readonly problem: string } {
  const problem = refuse(text);
  if (problem !== undefined) return { problem };
  const ignoresCase = text.startsWith('(?i)');
  const written = (ignoresCase ? text.slice(4) : text)
    .replaceAll('(?P<', '(?<')
    .replaceAll('\\Z', '$')
    .replaceAll('\\A', '^');
  try {
    const expression = new RegExp(`^(?:${written})`, ignoresCase ? 'ui' : 'u');
    return (name) => name.length <= maxNameLength && expression.test(name);
  } catch {
    return { problem: 'it is no regular expression' };
  }
}

function refuse(text: string): string | undefined {
  if (text === '') return 'no expression stands behind ~';
  if (text.length > maxLength) return `the expression is longer than ${maxLength} characters`;
  if (/\\[1-9k]|\(\?<?[=!]/.test(text)) return 'references back and look-around are not allowed';
  const { repetitions, isNested } = measure(text);
  if (isNested) return 'a group that holds repetitions or choices cannot itself be repeated';
  return repetitions > maxRepetitions
    ? `at most ${maxRepetitions} repetitions such as .* may stand in it`
    : undefined;
}

const unending = /\*|\+|\{\d*,\d*\}|\{\d{2,}\}/y;

/** Counts repetitions, and finds those of groups in which something repeats or is chosen. */
function measure(text: string): { repetitions: number; isNested: boolean } {
  const plain = text.replaceAll(/\\[\s\S]/g, 'x').replaceAll(/\[\^?\]?[^\]]*\]/g, 'x');
  const groups = [false];
  let repetitions = 0;
  let isNested = false;
  for (let at = 0; at < plain.length; at++) {
    const character = plain.charAt(at);
    if (character === '(') groups.push(false);
    const holds = character === ')' && groups.length > 1 ? (groups.pop() ?? false) : false;
    unending.lastIndex = at + 1;
    const isRepeated = unending.test(plain);
    if (isRepeated) repetitions++;
    if (isRepeated && holds) isNested = true;
    if (isRepeated || holds || character === '|' || character === '?')
      groups[groups.length - 1] = true;
  }
  return { repetitions, isNested };
}
