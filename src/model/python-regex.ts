import { type RegexReading, readRegex } from './python-regex-syntax.ts';

/** How a pattern of Python's `re` is read. Flags as of Python: i, m, s, x and a. */
export interface RegexOptions {
  readonly flags?: string;
  /** Text is one character per byte (latin-1), as for Python's patterns of bytes: classes know ASCII only. */
  readonly bytes?: boolean;
  /** Python's `match` and `fullmatch` are tied to the text's ends; default `search`. */
  readonly how?: 'search' | 'match' | 'fullmatch';
}

/** A pattern of Python's `re` as a JavaScript one; `regex` has no `g`, so that it keeps no state. */
export interface PythonRegex {
  readonly regex: RegExp;
  /** Number of capturing groups. */
  readonly groups: number;
  /** Groups by name. */
  readonly names: ReadonlyMap<string, number>;
}

/** Translates a pattern of Python's `re` (docs.python.org/3/library/re.html). What JavaScript cannot say (atomic groups, conditionals) is a problem, never another meaning. Not alike: a group repeated by its surroundings forgets its text in a repetition without it. */
export function compileRegex(
  pattern: string,
  options: RegexOptions = {},
): PythonRegex | { readonly problem: string } {
  const { bytes = false, how = 'search' } = options;
  const read = readRegex(pattern, options.flags ?? '', bytes);
  if (read.problem !== undefined) return { problem: read.problem };
  try {
    const regex = new RegExp(anchor(read.out.join(''), how), jsFlags(read, bytes));
    return { regex, groups: read.groups, names: read.names };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { problem: `the pattern cannot be read: ${reason.replace(/^.*: /s, '')}` };
  }
}

function anchor(source: string, how: 'search' | 'match' | 'fullmatch'): string {
  if (how === 'search') return source;
  return `(?<![\\s\\S])(?:${source})${how === 'fullmatch' ? '(?![\\s\\S])' : ''}`;
}

function jsFlags(read: RegexReading, bytes: boolean): string {
  return `${read.flags.has('i') ? 'i' : ''}${bytes ? '' : 'v'}`;
}

/** Makes the text that stands for a match: `\1`, `\g<1>`, `\g<name>`, `\n` and the like, as of Python's `Match.expand`. */
export type Expand = (match: RegExpExecArray) => string;

/** Reads the replacement text of Python's `re.sub`. */
export function compileReplacement(
  text: string,
  pattern: PythonRegex,
): { readonly expand: Expand } | { readonly problem: string } {
  const parts: (string | number)[] = [];
  const token = /\\(?:g<([^>]*)>|([1-9][0-9]?)|(0[0-7]{0,2})|([\s\S])|$)/g;
  let at = 0;
  for (const match of text.matchAll(token)) {
    parts.push(text.slice(at, match.index));
    at = match.index + match[0].length;
    const part = readReplacement(match, pattern);
    if (typeof part === 'object') return part;
    parts.push(part);
  }
  parts.push(text.slice(at));
  return {
    expand: (match) =>
      parts.map((part) => (typeof part === 'number' ? (match[part] ?? '') : part)).join(''),
  };
}

const replacementEscapes: { readonly [letter: string]: string } = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

function readReplacement(
  match: RegExpExecArray,
  pattern: PythonRegex,
): string | number | { readonly problem: string } {
  const [whole, name, digits, octal, letter] = match;
  if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
  if (name !== undefined || digits !== undefined) return groupOf(name ?? digits ?? '', pattern);
  if (letter === undefined) return { problem: 'bad escape (end of pattern)' };
  const known = replacementEscapes[letter];
  if (known !== undefined) return known;
  if (/[A-Za-z]/.test(letter))
    return { problem: `bad escape \\${letter} at position ${match.index}` };
  return whole;
}

function groupOf(name: string, pattern: PythonRegex): number | { readonly problem: string } {
  const group = /^[0-9]+$/.test(name) ? Number(name) : pattern.names.get(name);
  if (group === undefined) return { problem: `unknown group name '${name}'` };
  if (group > pattern.groups) return { problem: `invalid group reference ${group}` };
  return group;
}

/** Replaces matches, all of them or the first `limit`; tells how many, as Python's `re.subn`. */
export function substitute(
  pattern: PythonRegex,
  expand: Expand,
  text: string,
  limit = 0,
): { readonly text: string; readonly count: number } {
  const everywhere = new RegExp(pattern.regex.source, `${pattern.regex.flags}g`);
  let result = '';
  let at = 0;
  let count = 0;
  for (const match of text.matchAll(everywhere)) {
    if (limit > 0 && count === limit) break;
    result += text.slice(at, match.index) + expand(match);
    at = match.index + match[0].length;
    count += 1;
  }
  return { text: result + text.slice(at), count };
}

/** Escapes text so that a Python pattern matches just it (`re.escape`). */
export function escapeRegex(text: string): string {
  return text.replace(/[\t\n\v\f\r !"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]/g, (letter) =>
    /[!"%',/:;<=>@`]/.test(letter) ? letter : `\\${letter}`,
  );
}
