import { refuseSyntax } from './broken-syntax.ts';
import { type Delimiters, delimitersOf, type Notation } from './delimiters.ts';
import { type Backslashes, readToken, skipSpace, type Token } from './tokens.ts';

interface Reader {
  readonly source: string;
  readonly notation: Notation;
  readonly delimiters: Delimiters;
  readonly backslashes: Backslashes;
  readonly tokens: Token[];
  at: number;
}

/** One spelling of line ends, and without the last newline unless it is kept. Offsets of tokens count in this text. */
export function normalizeSource(text: string, notation: Notation): string {
  const source = text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text;
  return source.endsWith('\n') && !notation.keepTrailingNewline ? source.slice(0, -1) : source;
}

/**
 * Splits a normalized template into tokens as Jinja2's lexer does: white space control (`-`, `+`), trim_blocks, lstrip_blocks, raw blocks and comments
 * are settled here. `backslashes` holds for texts within `{{ }}`; elsewhere they are escapes.
 */
export function tokenize(source: string, notation: Notation, backslashes: Backslashes): Token[] {
  const reader: Reader = {
    source,
    notation,
    delimiters: delimitersOf(notation),
    backslashes,
    tokens: [],
    at: 0,
  };
  while (reader.at < source.length) readPiece(reader);
  reader.tokens.push({ type: 'end', value: '', at: source.length });
  return reader.tokens;
}

function readPiece(reader: Reader): void {
  const { start } = reader.delimiters;
  start.lastIndex = reader.at;
  const found = start.exec(reader.source);
  if (!found?.groups) {
    pushText(reader, reader.source.slice(reader.at), reader.at);
    reader.at = reader.source.length;
    return;
  }
  const { raw, comment, block, rawSign, sign } = found.groups;
  const isPrint = raw === undefined && comment === undefined && block === undefined;
  // a plus or minus after `{{` may also be the sign of a number: only minus controls white space there
  const control = raw === undefined ? (sign ?? '') : (rawSign ?? '');
  pushText(reader, textBefore(reader, found.index, control, isPrint), reader.at);
  reader.at = found.index + found[0].length;
  if (isPrint && control === '+') reader.at--;
  if (raw !== undefined) readRaw(reader, found.index);
  else if (comment !== undefined) readComment(reader, found.index);
  else readTag(reader, found.index, isPrint);
}

function textBefore(reader: Reader, end: number, control: string, isPrint: boolean): string {
  const text = reader.source.slice(reader.at, end);
  if (control === '-') return text.trimEnd();
  if (isPrint || control === '+' || !reader.notation.lstripBlocks) return text;
  const lineStart = text.lastIndexOf('\n') + 1;
  const isAtStart = lineStart > 0 || reader.at === 0 || reader.source[reader.at - 1] === '\n';
  return isAtStart && text.slice(lineStart).trim() === '' ? text.slice(0, lineStart) : text;
}

function pushText(reader: Reader, text: string, at: number): void {
  if (text === '') return;
  const { newlineSequence } = reader.notation;
  const value = newlineSequence === '\n' ? text : text.replaceAll('\n', newlineSequence);
  reader.tokens.push({ type: 'text', value, at });
}

function readRaw(reader: Reader, begin: number): void {
  const { rawEnd } = reader.delimiters;
  rawEnd.lastIndex = reader.at;
  const found = rawEnd.exec(reader.source);
  if (!found) refuseSyntax(begin, 'Missing end of raw directive', 'write {% endraw %}');
  const text = textBefore(reader, found.index, found.groups?.['sign'] ?? '', false);
  pushText(reader, text, reader.at);
  reader.at = found.index + found[0].length;
}

function readComment(reader: Reader, begin: number): void {
  const { commentEnd } = reader.delimiters;
  commentEnd.lastIndex = reader.at;
  const found = commentEnd.exec(reader.source);
  if (!found) refuseSyntax(begin, 'Missing end of comment tag', 'write #} at its end');
  reader.at = found.index + found[0].length;
}

const closers: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);

function readTag(reader: Reader, begin: number, isPrint: boolean): void {
  const { source, delimiters, tokens } = reader;
  const close = isPrint ? delimiters.variableEnd : delimiters.blockEnd;
  const backslashes = isPrint ? reader.backslashes : 'escape';
  const open: string[] = [];
  tokens.push({ type: isPrint ? 'open-print' : 'open-block', value: '', at: begin });
  for (;;) {
    reader.at = skipSpace(source, reader.at);
    if (open.length === 0 && closeTag(reader, close)) return;
    if (reader.at >= source.length) refuseOpenTag(begin, isPrint);
    const { token, end } = readToken(source, reader.at, backslashes, tokens.at(-1)?.value ?? '');
    if (token.type === 'operator') balance(open, token);
    tokens.push(token);
    reader.at = end;
  }
}

function refuseOpenTag(begin: number, isPrint: boolean): never {
  return isPrint
    ? refuseSyntax(begin, 'a {{ is not closed', 'write }} at its end')
    : refuseSyntax(begin, 'a {% is not closed', 'write %} at its end');
}

function closeTag(reader: Reader, close: RegExp): boolean {
  close.lastIndex = reader.at;
  const found = close.exec(reader.source);
  if (!found) return false;
  reader.tokens.push({ type: 'close', value: '', at: reader.at });
  reader.at += found[0].length;
  return true;
}

/** Keeps which brackets are open, so that `}}` at the end of a nested mapping does not end the tag. */
export function balance(open: string[], token: Token): void {
  const closer = closers.get(token.value);
  if (closer !== undefined) open.push(closer);
  else if (/^[)\]}]$/.test(token.value) && open.pop() !== token.value)
    refuseSyntax(token.at, `unexpected '${token.value}'`);
}
