import { refuseSyntax } from './broken-syntax.ts';
import type { Token } from './tokens.ts';

/** Tokens on their way through the parser. */
export interface TokenStream {
  readonly tokens: readonly Token[];
  index: number;
  depth: number;
}

/** Expressions and blocks nested deeper than this are refused. */
const maxDepth = 100;

const ending: Token = { type: 'end', value: '', at: 0 };

export function peek(stream: TokenStream, ahead = 0): Token {
  return stream.tokens[stream.index + ahead] ?? stream.tokens.at(-1) ?? ending;
}

export function next(stream: TokenStream): Token {
  const token = peek(stream);
  stream.index++;
  return token;
}

export function isSign(token: Token, sign: string): boolean {
  return token.type === 'operator' && token.value === sign;
}

export function isWord(token: Token, word: string): boolean {
  return token.type === 'name' && token.value === word;
}

export function takeSign(stream: TokenStream, sign: string): boolean {
  if (!isSign(peek(stream), sign)) return false;
  stream.index++;
  return true;
}

export function takeWord(stream: TokenStream, word: string): boolean {
  if (!isWord(peek(stream), word)) return false;
  stream.index++;
  return true;
}

export function expectSign(stream: TokenStream, sign: string): void {
  if (!takeSign(stream, sign)) refuseToken(stream, `'${sign}'`);
}

export function expectWord(stream: TokenStream, word: string): void {
  if (!takeWord(stream, word)) refuseToken(stream, `'${word}'`);
}

export function expectName(stream: TokenStream): Token {
  const token = peek(stream);
  if (token.type !== 'name') refuseToken(stream, 'a name');
  stream.index++;
  return token;
}

export function expectClose(stream: TokenStream): void {
  if (peek(stream).type !== 'close') refuseToken(stream, 'the end of the tag');
  stream.index++;
}

/** Refuses the present token; `wanted` says what would be right there. */
export function refuseToken(stream: TokenStream, wanted: string): never {
  const token = peek(stream);
  const shown =
    token.type === 'close'
      ? 'end of print statement'
      : token.type === 'end'
        ? 'end of template'
        : `'${token.value}'`;
  return refuseSyntax(token.at, `expected ${wanted}, got ${shown}`);
}

/** Runs a parser one level deeper. */
export function nest<T>(stream: TokenStream, parse: () => T): T {
  if (stream.depth >= maxDepth)
    refuseSyntax(peek(stream).at, `more than ${maxDepth} levels are nested`, 'split the template');
  stream.depth++;
  const parsed = parse();
  stream.depth--;
  return parsed;
}

/** Links of a chain such as `a + b + c` or `a.b.c`; each nests in the one before. */
const maxLinks = 1000;

/** Counts the links of a chain while it is read. */
export function countLinks(stream: TokenStream): () => void {
  let links = 0;
  return () => {
    if (++links > maxLinks)
      refuseSyntax(peek(stream).at, `more than ${maxLinks} parts follow one another`, 'split it');
  };
}
