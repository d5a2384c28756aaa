/** A pattern while it is read: `out` collects the JavaScript source. */
export interface RegexReading {
  readonly text: string;
  at: number;
  readonly bytes: boolean;
  /** Flags that hold here; groups may change them for their inside. */
  flags: ReadonlySet<string>;
  readonly outer: ReadonlySet<string>[];
  groups: number;
  readonly names: Map<string, number>;
  readonly out: string[];
  problem?: string;
}

/** The set behind `\d`, `\w`, `\s` and their opposites, as a class of its own; undefined for any other letter. */
export function classSet(letter: string, reading: RegexReading): string | undefined {
  const inside = setInside(letter, reading);
  return inside === undefined ? undefined : `[${inside}]`;
}

/** The same, as it may stand inside another class. */
function setInside(letter: string, { bytes, flags }: RegexReading): string | undefined {
  if (bytes) return byteSets[letter];
  return flags.has('a') ? asciiSets[letter] : unicodeSets[letter];
}

// A Python pattern of text knows all of Unicode's letters and digits; JavaScript's own \w, \s and \d do not agree with it.
const unicodeSets: { readonly [letter: string]: string } = {
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  w: '\\p{L}\\p{N}_',
  W: '[^\\p{L}\\p{N}_]',
  s: '[[\\s\\x1c-\\x1f\\x85]--[\\ufeff]]',
  S: '[^[[\\s\\x1c-\\x1f\\x85]--[\\ufeff]]]',
};
const asciiSets: { readonly [letter: string]: string } = {
  d: '0-9',
  D: '[^0-9]',
  w: 'A-Za-z0-9_',
  W: '[^A-Za-z0-9_]',
  s: ' \\t\\n\\r\\f\\v',
  S: '[^ \\t\\n\\r\\f\\v]',
};
const byteSets: { readonly [letter: string]: string } = {
  d: '0-9',
  D: '\\D',
  w: 'A-Za-z0-9_',
  W: '\\W',
  s: ' \\t\\n\\r\\f\\v',
  S: '\\x00-\\x08\\x0e-\\x1f\\x21-\\xff',
};

const letterEscapes: { readonly [letter: string]: string } = {
  a: '\x07',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Reads an escape that stands for one character; `rest` begins with its backslash. */
export function readEscape(
  rest: string,
  at: number,
): { readonly letter: string; readonly length: number } | { readonly problem: string } {
  const hex = /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(rest);
  const code = hex?.[1] ?? hex?.[2] ?? hex?.[3];
  if (hex && code !== undefined)
    return { letter: String.fromCodePoint(Number.parseInt(code, 16)), length: hex[0].length };
  const octal = /^\\(0[0-7]{0,2}|[1-3][0-7]{2})/.exec(rest);
  if (octal?.[1] !== undefined)
    return {
      letter: String.fromCharCode(Number.parseInt(octal[1], 8)),
      length: octal[0].length,
    };
  const letter = rest[1] ?? '';
  const known = letterEscapes[letter];
  if (known !== undefined) return { letter: known, length: 2 };
  if (letter === '' || /[A-Za-z0-9]/.test(letter))
    return { problem: `bad escape \\${letter} at position ${at}` };
  return { letter: String.fromCodePoint(rest.codePointAt(1) ?? 0), length: 1 + letterLength(rest) };
}

const letterLength = (rest: string): number => ((rest.codePointAt(1) ?? 0) > 0xffff ? 2 : 1);

/** Reads `[...]`: a `]` that comes first is a member, and sets may stand inside. */
export function readClass(reading: RegexReading): void {
  const begin = reading.at;
  reading.at += 1;
  const negated = reading.text[reading.at] === '^';
  if (negated) reading.at += 1;
  const parts: string[] = [];
  let isFirst = true;
  while (reading.problem === undefined) {
    const letter = reading.text[reading.at];
    if (letter === undefined) reading.problem = `unterminated character set at position ${begin}`;
    else if (letter === ']' && !isFirst) break;
    else parts.push(readMembers(reading));
    isFirst = false;
  }
  reading.at += 1;
  reading.out.push(`[${negated ? '^' : ''}${parts.join('')}]`);
}

/** One member or range of a class. */
function readMembers(reading: RegexReading): string {
  const low = readMember(reading);
  const { text, at } = reading;
  if (text[at] !== '-' || text[at + 1] === ']' || text[at + 1] === undefined) return low.source;
  reading.at += 1;
  const high = readMember(reading);
  if (low.isSet || high.isSet || low.code > high.code)
    reading.problem = `bad character range at position ${at}`;
  return `${low.source}-${high.source}`;
}

interface Member {
  readonly source: string;
  readonly isSet: boolean;
  readonly code: number;
}

function readMember(reading: RegexReading): Member {
  const { text, at } = reading;
  if (text[at] !== '\\') {
    const letter = String.fromCodePoint(text.codePointAt(at) ?? 0);
    reading.at += letter.length;
    return memberOf(letter);
  }
  const set = setInside(text[at + 1] ?? '', reading);
  if (set !== undefined) {
    reading.at += 2;
    return { source: set, isSet: true, code: 0 };
  }
  if (text[at + 1] === 'b') {
    reading.at += 2;
    return memberOf('\b');
  }
  const found = readEscape(text.slice(at, at + 12), at);
  if ('problem' in found) {
    reading.problem = found.problem;
    return memberOf('');
  }
  reading.at += found.length;
  return memberOf(found.letter);
}

function memberOf(letter: string): Member {
  const quoted = /[\^\\\]()[{}/\-|&!#$%*+,.:;<=>?@`~]/.test(letter) ? `\\${letter}` : letter;
  return { source: quoted, isSet: false, code: letter.codePointAt(0) ?? 0 };
}
