import { refuseSyntax } from './broken-syntax.ts';

/** One word of a template. `text` holds literal text between tags; `open` and `close` are the tags' ends. */
export interface Token {
  readonly type:
    | 'text'
    | 'open-print'
    | 'open-block'
    | 'close'
    | 'name'
    | 'string'
    | 'integer'
    | 'float'
    | 'operator'
    | 'end';
  readonly value: string;
  readonly at: number;
}

const space = /\s+/y;
const word = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*/uy;
const float = /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const integer = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const text = /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/y;
const operator = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;]/y;

/** How strings between quotes are read: with backslashes as Python reads them, or as they stand (Ansible doubles them in `{{ }}` of playbooks). */
export type Backslashes = 'escape' | 'literal';

function matchAt(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

/** The end of white space that begins at an offset. */
export function skipSpace(source: string, at: number): number {
  return at + (matchAt(space, source, at)?.length ?? 0);
}

/** Reads the word of an expression that begins at an offset, with where it ends. */
export function readToken(
  source: string,
  at: number,
  backslashes: Backslashes,
  previous: string,
): { token: Token; end: number } {
  const make = (type: Token['type'], found: string, value = found) => ({
    token: { type, value, at } as const,
    end: at + found.length,
  });
  // `a.0.5` is no float: Jinja2 reads the digits after a dot as an index
  const fraction = previous === '.' ? undefined : matchAt(float, source, at);
  if (fraction !== undefined) return make('float', fraction, fraction.replaceAll('_', ''));
  const digits = matchAt(integer, source, at);
  if (digits !== undefined) return make('integer', digits, digits.replaceAll('_', ''));
  const name = matchAt(word, source, at);
  if (name !== undefined) return make('name', name);
  const quoted = matchAt(text, source, at);
  if (quoted !== undefined) return make('string', quoted, readString(quoted, at, backslashes));
  const sign = matchAt(operator, source, at);
  if (sign !== undefined) return make('operator', sign);
  const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
  if (character === '"' || character === "'")
    return refuseSyntax(at, 'a text is not closed', `write ${character} at its end`);
  return refuseSyntax(at, `unexpected character ${JSON.stringify(character)}`);
}

function readString(quoted: string, at: number, backslashes: Backslashes): string {
  const content = quoted.slice(1, -1).replaceAll(/\r\n?/g, '\n');
  if (backslashes === 'escape') return unescapeText(content, at);
  if (content.includes(`\\${quoted.charAt(0)}`))
    refuseSyntax(
      at,
      'a backslash does not protect a quote within {{ }}, as Ansible takes it for a backslash',
      'use the other kind of quotes around the text',
    );
  return content;
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['\n', ''],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

/** Resolves backslashes as Python does; unknown ones stay as they are. */
export function unescapeText(content: string, at: number): string {
  if (!content.includes('\\')) return content;
  return content.replaceAll(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([xuUN])|([\s\S]))/g,
    (whole, hex, short, long, octal, broken: string | undefined, letter: string | undefined) => {
      const code = hex ?? short ?? long;
      if (broken !== undefined) refuseSyntax(at, `truncated \\${broken} in a text`);
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      if (code === undefined) return escapes.get(letter ?? '') ?? whole;
      const point = Number.parseInt(code, 16);
      return point > 0x10ffff ? refuseSyntax(at, 'no such character') : String.fromCodePoint(point);
    },
  );
}
