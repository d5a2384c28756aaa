import { refuseSyntax } from './broken-syntax.ts';
import { maxDigits, readInteger } from './integers.ts';
import type { Expression } from './syntax.ts';
import {
  expectSign,
  isSign,
  next,
  peek,
  refuseToken,
  type TokenStream,
  takeSign,
} from './token-stream.ts';

type Parse = (stream: TokenStream) => Expression;

const constants: ReadonlyMap<string, null | boolean> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);

/** Parses a literal, a name or a pair of brackets. */
export function parsePrimary(stream: TokenStream, parse: Parse): Expression {
  const token = peek(stream);
  const { at, value } = token;
  switch (token.type) {
    case 'name': {
      stream.index++;
      const constant = constants.get(value);
      return constant === undefined
        ? { kind: 'name', at, name: value }
        : { kind: 'const', at, value: constant };
    }
    case 'string':
      return parseTexts(stream);
    case 'integer':
      stream.index++;
      if (value.length > maxDigits) refuseSyntax(at, 'the number has too many digits');
      return { kind: 'const', at, value: readInteger(value) as number | bigint };
    case 'float':
      stream.index++;
      return { kind: 'float', at, value: Number(value) };
    case 'operator':
      return parseBracket(stream, parse);
    default:
      return refuseToken(stream, 'an expression');
  }
}

/** Texts side by side are one, as in Python. */
function parseTexts(stream: TokenStream): Expression {
  const { at } = peek(stream);
  let value = '';
  while (peek(stream).type === 'string') value += next(stream).value;
  return { kind: 'const', at, value };
}

function parseBracket(stream: TokenStream, parse: Parse): Expression {
  const token = peek(stream);
  if (takeSign(stream, '(')) return parseParentheses(stream, parse, token.at);
  if (takeSign(stream, '['))
    return { kind: 'list', at: token.at, items: parseItems(stream, ']', parse) };
  if (takeSign(stream, '{')) return parseDict(stream, parse, token.at);
  return refuseToken(stream, 'an expression');
}

function parseParentheses(stream: TokenStream, parse: Parse, at: number): Expression {
  if (takeSign(stream, ')')) return { kind: 'tuple', at, items: [] };
  const first = parse(stream);
  if (takeSign(stream, ')')) return first;
  expectSign(stream, ',');
  return { kind: 'tuple', at, items: [first, ...parseItems(stream, ')', parse)] };
}

function parseItems(stream: TokenStream, close: string, parse: Parse): Expression[] {
  const items: Expression[] = [];
  while (!takeSign(stream, close)) {
    items.push(parse(stream));
    if (!isSign(peek(stream), close)) expectSign(stream, ',');
  }
  return items;
}

function parseDict(stream: TokenStream, parse: Parse, at: number): Expression {
  const pairs: [Expression, Expression][] = [];
  while (!takeSign(stream, '}')) {
    const key = parse(stream);
    expectSign(stream, ':');
    pairs.push([key, parse(stream)]);
    if (!isSign(peek(stream), '}')) expectSign(stream, ',');
  }
  return { kind: 'dict', at, pairs };
}
