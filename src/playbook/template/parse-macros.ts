import { refuseSyntax } from './broken-syntax.ts';
import { parseExpression } from './parse-expression.ts';
import type { Body, Parameter, Statement } from './syntax.ts';
import {
  expectClose,
  expectName,
  expectSign,
  expectWord,
  isSign,
  isWord,
  peek,
  type TokenStream,
  takeSign,
  takeWord,
} from './token-stream.ts';

type ParseBody = (stream: TokenStream, ends: readonly string[]) => Body;

/** Parses `{% macro name(a, b=1) %}`. */
export function parseMacro(stream: TokenStream, at: number, parseBody: ParseBody): Statement {
  const name = expectName(stream).value;
  const parameters = parseParameters(stream);
  expectClose(stream);
  const body = parseBody(stream, ['endmacro']);
  closeTag(stream);
  return { kind: 'macro', at, name, parameters, body };
}

/** Parses `{% call(user) dump(users) %}`. */
export function parseCallBlock(stream: TokenStream, at: number, parseBody: ParseBody): Statement {
  const parameters = isSign(peek(stream), '(') ? parseParameters(stream) : [];
  const call = parseExpression(stream);
  if (call.kind !== 'call') return refuseSyntax(call.at, 'expected call');
  expectClose(stream);
  const body = parseBody(stream, ['endcall']);
  closeTag(stream);
  return { kind: 'call-block', at, call, parameters, body };
}

function closeTag(stream: TokenStream): void {
  stream.index++;
  if (peek(stream).type === 'name') stream.index++;
  expectClose(stream);
}

function parseParameters(stream: TokenStream): Parameter[] {
  const parameters: Parameter[] = [];
  expectSign(stream, '(');
  while (!takeSign(stream, ')')) {
    const name = expectName(stream);
    const fallback = takeSign(stream, '=') ? parseExpression(stream) : undefined;
    if (fallback === undefined && parameters.some((before) => before.fallback))
      refuseSyntax(name.at, 'non-default argument follows default argument');
    parameters.push({ name: name.value, fallback });
    if (!isSign(peek(stream), ')')) expectSign(stream, ',');
  }
  return parameters;
}

/** Parses `{% include 'file' ignore missing without context %}`. */
export function parseInclude(stream: TokenStream, at: number): Statement {
  const template = parseExpression(stream);
  const ignoreMissing = isWord(peek(stream), 'ignore') && isWord(peek(stream, 1), 'missing');
  if (ignoreMissing) stream.index += 2;
  const withContext = parseContext(stream, true);
  expectClose(stream);
  return { kind: 'include', at, template, ignoreMissing, withContext };
}

function parseContext(stream: TokenStream, fallback: boolean): boolean {
  const word = peek(stream).value;
  if ((word !== 'with' && word !== 'without') || !isWord(peek(stream, 1), 'context'))
    return fallback;
  stream.index += 2;
  return word === 'with';
}

/** Parses `{% import 'file' as name %}`. */
export function parseImport(stream: TokenStream, at: number): Statement {
  const template = parseExpression(stream);
  expectWord(stream, 'as');
  const as = expectName(stream).value;
  const withContext = parseContext(stream, false);
  expectClose(stream);
  return { kind: 'import', at, template, as, names: [], withContext };
}

/** Parses `{% from 'file' import a, b as c %}`. */
export function parseFrom(stream: TokenStream, at: number): Statement {
  const template = parseExpression(stream);
  expectWord(stream, 'import');
  const names: [string, string][] = [];
  let withContext = false;
  while (peek(stream).type !== 'close') {
    if (names.length > 0) {
      withContext = parseContext(stream, withContext);
      if (peek(stream).type === 'close') break;
      expectSign(stream, ',');
    }
    const name = expectName(stream);
    if (name.value.startsWith('_'))
      refuseSyntax(name.at, 'names starting with an underline can not be imported');
    names.push([name.value, takeWord(stream, 'as') ? expectName(stream).value : name.value]);
  }
  if (names.length === 0) refuseSyntax(at, 'nothing is imported');
  expectClose(stream);
  return { kind: 'import', at, template, as: undefined, names, withContext };
}
