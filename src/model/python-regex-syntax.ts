import { classSet, type RegexReading, readClass, readEscape } from './python-regex-classes.ts';

export type { RegexReading };

/** Reads a pattern of Python's `re` and writes it as JavaScript source for the `v` flag (or none for bytes). */
export function readRegex(text: string, flags: string, bytes: boolean): RegexReading {
  const reading: RegexReading = {
    text,
    at: 0,
    bytes,
    flags: new Set(flags),
    outer: [],
    groups: 0,
    names: new Map(),
    out: [],
  };
  readGlobalFlags(reading);
  while (reading.at < text.length && reading.problem === undefined) readPiece(reading);
  if (reading.problem === undefined && reading.outer.length > 0)
    reading.problem = 'missing ), unterminated subpattern';
  return reading;
}

function readGlobalFlags(reading: RegexReading): void {
  const match = /^\(\?([aiLmsux]+)\)/.exec(reading.text);
  if (!match) return;
  reading.flags = new Set([...reading.flags, ...(match[1] ?? '')]);
  reading.at = match[0].length;
}

function readPiece(reading: RegexReading): void {
  const letter = reading.text[reading.at] ?? '';
  if (reading.flags.has('x') && skipVerbose(reading, letter)) return;
  const read = readers[letter];
  if (read) read(reading);
  else if (letter !== '{' || !readRepeat(reading)) put(reading, quoteRegex(letter));
}

function skipVerbose(reading: RegexReading, letter: string): boolean {
  if (/\s/.test(letter)) {
    reading.at += 1;
    return true;
  }
  if (letter !== '#') return false;
  const end = reading.text.indexOf('\n', reading.at);
  reading.at = end === -1 ? reading.text.length : end + 1;
  return true;
}

const readers: { readonly [letter: string]: (reading: RegexReading) => void } = {
  '.': (reading) => put(reading, reading.flags.has('s') ? '[\\s\\S]' : '[^\\n]'),
  '^': (reading) => put(reading, reading.flags.has('m') ? '(?<![^\\n])' : '(?<![\\s\\S])'),
  $: (reading) => put(reading, reading.flags.has('m') ? '(?![^\\n])' : '(?=\\n?(?![\\s\\S]))'),
  '|': (reading) => put(reading, '|'),
  '*': (reading) => putRepeat(reading, '*'),
  '+': (reading) => putRepeat(reading, '+'),
  '?': (reading) => putRepeat(reading, '?'),
  '[': readClass,
  '\\': readBackslash,
  '(': openGroup,
  ')': closeGroup,
};

function put(reading: RegexReading, source: string, length = 1): void {
  reading.out.push(source);
  reading.at += length;
}

function putRepeat(reading: RegexReading, source: string, length = source.length): void {
  const next = reading.text[reading.at + length];
  if (next === '+') reading.problem = 'possessive repeats (such as "*+") are not supported';
  const lazy = next === '?' ? '?' : '';
  put(reading, source + lazy, length + lazy.length);
}

function readRepeat(reading: RegexReading): boolean {
  const match = /^\{([0-9]*)(,?)([0-9]*)\}/.exec(reading.text.slice(reading.at, reading.at + 40));
  const [whole = '', least = '', comma = '', most = ''] = match ?? [];
  if (!match || (least === '' && comma === '')) return false;
  putRepeat(reading, `{${least || '0'}${comma}${most}}`, whole.length);
  return true;
}

const extensions: readonly {
  readonly begin: RegExp;
  readonly write: (match: RegExpExecArray, reading: RegexReading) => string;
}[] = [
  { begin: /^\(\?P<([^>]*)>/, write: ([, name = ''], reading) => nameGroup(reading, name) },
  { begin: /^\((?:\?:|\?=|\?!|\?<=|\?<!)/, write: ([whole]) => whole },
  { begin: /^\(\?([aimsux]*)(?:-([imsx]+))?:/, write: scopeFlags },
];

function openGroup(reading: RegexReading): void {
  const rest = reading.text.slice(reading.at);
  if (!rest.startsWith('(?')) {
    reading.outer.push(reading.flags);
    reading.groups += 1;
    put(reading, '(');
    return;
  }
  const whole = /^\(\?(?:#[^)]*|P=([^)]*))\)/.exec(rest);
  if (whole) {
    const named = whole[1];
    put(reading, named === undefined ? '' : `(?:\\k<${named}>)`, whole[0].length);
    return;
  }
  for (const { begin, write } of extensions) {
    const match = begin.exec(rest);
    if (!match) continue;
    reading.outer.push(reading.flags);
    put(reading, write(match, reading), match[0].length);
    return;
  }
  reading.problem = /^\(\?[aiLmsux]+\)/.test(rest)
    ? `global flags not at the start of the expression at position ${reading.at}`
    : `"${rest.slice(0, 4)}" at position ${reading.at} is not supported`;
}

function nameGroup(reading: RegexReading, name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    reading.problem = `bad character in group name '${name}'`;
  if (reading.names.has(name)) reading.problem = `redefinition of group name '${name}'`;
  reading.groups += 1;
  reading.names.set(name, reading.groups);
  return `(?<${name}>`;
}

function scopeFlags([, on = '', off = '']: RegExpExecArray, reading: RegexReading): string {
  const flags = new Set([...reading.flags, ...on]);
  for (const flag of off) flags.delete(flag);
  reading.flags = flags;
  const letter = on.includes('i') ? 'i' : off.includes('i') ? '-i' : '';
  return `(?${letter}:`;
}

function closeGroup(reading: RegexReading): void {
  const outer = reading.outer.pop();
  if (!outer) reading.problem = `unbalanced parenthesis at position ${reading.at}`;
  else reading.flags = outer;
  put(reading, ')');
}

function readBackslash(reading: RegexReading): void {
  const rest = reading.text.slice(reading.at, reading.at + 12);
  const letter = rest[1];
  if (letter === undefined) {
    reading.problem = 'bad escape (end of pattern)';
    return;
  }
  const whole = anchorOf(reading, letter) ?? classSet(letter, reading);
  if (whole !== undefined) put(reading, whole, 2);
  else if (/^\\[1-9]/.test(rest) && !/^\\[0-3][0-7]{2}/.test(rest)) readReference(reading, rest);
  else readLetter(reading, rest);
}

function readReference(reading: RegexReading, rest: string): void {
  const [reference = ''] = /^\\[1-9][0-9]?/.exec(rest) ?? [];
  if (Number(reference.slice(1)) > reading.groups)
    reading.problem = `invalid group reference ${reference.slice(1)} at position ${reading.at + 1}`;
  put(reading, `(?:${reference})`, reference.length);
}

function readLetter(reading: RegexReading, rest: string): void {
  const found = readEscape(rest, reading.at);
  if ('problem' in found) reading.problem = found.problem;
  else put(reading, quoteRegex(found.letter), found.length);
}

function anchorOf(reading: RegexReading, letter: string): string | undefined {
  if (letter === 'A') return '(?<![\\s\\S])';
  if (letter === 'Z') return '(?![\\s\\S])';
  if (letter !== 'b' && letter !== 'B') return undefined;
  if (reading.bytes || reading.flags.has('a')) return `\\${letter}`;
  const word = '[\\p{L}\\p{N}_]';
  return letter === 'b'
    ? `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`
    : `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`;
}

function quoteRegex(letter: string): string {
  return /[\^$\\.*+?()[\]{}|/]/.test(letter) ? `\\${letter}` : letter;
}
