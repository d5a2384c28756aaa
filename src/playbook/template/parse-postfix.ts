import { refuseSyntax } from './broken-syntax.ts';
import type { Grammar } from './parse-expression.ts';
import type { Arguments, Expression, FilterExpression } from './syntax.ts';
import {
  countLinks,
  expectName,
  expectSign,
  isSign,
  isWord,
  next,
  peek,
  refuseToken,
  type TokenStream,
  takeSign,
  takeWord,
} from './token-stream.ts';

/** No arguments. */
export const noArguments: Arguments = {
  positional: [],
  named: [],
  spread: undefined,
  spreadNamed: undefined,
};

/** Parses what follows a value: `.name`, `[index]`, `(arguments)`. */
export function parsePostfix(stream: TokenStream, value: Expression, grammar: Grammar): Expression {
  let found = value;
  const link = countLinks(stream);
  for (;;) {
    link();
    const token = peek(stream);
    if (takeSign(stream, '.')) found = parseAttribute(stream, found, token.at);
    else if (takeSign(stream, '[')) found = parseSubscript(stream, found, token.at, grammar);
    else if (isSign(token, '('))
      found = { kind: 'call', at: token.at, callee: found, args: grammar.parseArguments(stream) };
    else return found;
  }
}

function parseAttribute(stream: TokenStream, object: Expression, at: number): Expression {
  const token = next(stream);
  if (token.type === 'name') return { kind: 'attribute', at, object, name: token.value };
  if (token.type !== 'integer') return refuseSyntax(token.at, 'expected a name or number after .');
  const index: Expression = { kind: 'const', at: token.at, value: Number(token.value) };
  return { kind: 'item', at, object, index };
}

function parseSubscript(
  stream: TokenStream,
  object: Expression,
  at: number,
  { parseExpression }: Grammar,
): Expression {
  const part = (): Expression | undefined =>
    isSign(peek(stream), ':') || isSign(peek(stream), ']') ? undefined : parseExpression(stream);
  const start = part();
  if (start !== undefined && takeSign(stream, ']'))
    return { kind: 'item', at, object, index: start };
  if (start !== undefined && isSign(peek(stream), ','))
    return refuseSyntax(peek(stream).at, 'an index is one value');
  expectSign(stream, ':');
  const stop = part();
  const step = takeSign(stream, ':') ? part() : undefined;
  expectSign(stream, ']');
  return { kind: 'slice', at, object, start, stop, step };
}

/** Parses `(1, *more, name=2, **others)`. */
export function parseCallArguments(
  stream: TokenStream,
  parse: (stream: TokenStream) => Expression,
): Arguments {
  const positional: Expression[] = [];
  const named: [string, Expression][] = [];
  let spread: Expression | undefined;
  let spreadNamed: Expression | undefined;
  expectSign(stream, '(');
  while (!takeSign(stream, ')')) {
    const token = peek(stream);
    if (takeSign(stream, '*')) spread = parse(stream);
    else if (takeSign(stream, '**')) spreadNamed = parse(stream);
    else if (token.type === 'name' && isSign(peek(stream, 1), '=')) {
      stream.index += 2;
      named.push([token.value, parse(stream)]);
    } else {
      if (named.length > 0 || spreadNamed) refuseToken(stream, 'a named argument');
      positional.push(parse(stream));
    }
    if (!isSign(peek(stream), ')')) expectSign(stream, ',');
  }
  return { positional, named, spread, spreadNamed };
}

/** Parses `| filter`, `is test` and calls after them, as often as they come. */
export function parseFilters(stream: TokenStream, value: Expression, grammar: Grammar): Expression {
  let found = value;
  const link = countLinks(stream);
  for (;;) {
    link();
    const token = peek(stream);
    if (isSign(token, '|')) found = parseFilter(stream, found, grammar);
    else if (isWord(token, 'is')) found = parseTest(stream, found, grammar);
    else if (isSign(token, '('))
      found = { kind: 'call', at: token.at, callee: found, args: grammar.parseArguments(stream) };
    else return found;
  }
}

function parseFilter(stream: TokenStream, object: Expression, grammar: Grammar): FilterExpression {
  expectSign(stream, '|');
  return parseFilterName(stream, object, grammar);
}

/** Parses `name(arguments)` of a filter. */
export function parseFilterName(
  stream: TokenStream,
  object: Expression | undefined,
  grammar: Grammar,
): FilterExpression {
  const { at } = peek(stream);
  const name = parseDotted(stream);
  const args = isSign(peek(stream), '(') ? grammar.parseArguments(stream) : noArguments;
  return { kind: 'filter', at, object, name, args };
}

function parseDotted(stream: TokenStream): string {
  let name = expectName(stream).value;
  while (takeSign(stream, '.')) name += `.${expectName(stream).value}`;
  return name;
}

const operandTypes: ReadonlySet<string> = new Set(['name', 'string', 'integer', 'float']);
const notOperands: ReadonlySet<string> = new Set(['else', 'or', 'and', 'if', 'in', 'not']);

function startsOperand(stream: TokenStream): boolean {
  const token = peek(stream);
  if (token.type === 'name' && notOperands.has(token.value)) return false;
  return operandTypes.has(token.type) || isSign(token, '[') || isSign(token, '{');
}

function parseTest(stream: TokenStream, object: Expression, grammar: Grammar): Expression {
  const { at } = next(stream);
  const isNegated = takeWord(stream, 'not');
  const nameAt = peek(stream).at;
  const name = parseDotted(stream);
  let args = noArguments;
  if (isSign(peek(stream), '(')) args = grammar.parseArguments(stream);
  else if (isWord(peek(stream), 'is'))
    refuseSyntax(peek(stream).at, 'You cannot chain multiple tests with is');
  else if (startsOperand(stream))
    args = { ...noArguments, positional: [grammar.parseOperand(stream)] };
  const test: Expression = { kind: 'test', at: nameAt, object, name, args };
  return isNegated ? { kind: 'not', at, value: test } : test;
}
