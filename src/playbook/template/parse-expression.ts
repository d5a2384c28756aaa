import {
  parseCallArguments,
  parseFilterName,
  parseFilters,
  parsePostfix,
} from './parse-postfix.ts';
import { parsePrimary } from './parse-primary.ts';
import type { BinaryOperator, CompareOperator, Expression, FilterExpression } from './syntax.ts';
import {
  countLinks,
  isSign,
  isWord,
  nest,
  next,
  peek,
  type TokenStream,
  takeSign,
  takeWord,
} from './token-stream.ts';

/** Parses an expression with Jinja2's precedence, from the inline `if` down. */
export function parseExpression(stream: TokenStream): Expression {
  return nest(stream, () => parseChoice(stream));
}

function parseChoice(stream: TokenStream): Expression {
  let yes = parseOr(stream);
  const link = countLinks(stream);
  while (isWord(peek(stream), 'if')) {
    link();
    const { at } = next(stream);
    const test = parseOr(stream);
    const no = takeWord(stream, 'else') ? parseExpression(stream) : undefined;
    yes = { kind: 'choice', at, test, yes, no };
  }
  return yes;
}

/** Parses an expression without the inline `if`, as the list of a `for` is. */
export function parseOr(stream: TokenStream): Expression {
  let left = parseAnd(stream);
  const link = countLinks(stream);
  while (isWord(peek(stream), 'or')) {
    link();
    const { at } = next(stream);
    left = { kind: 'or', at, left, right: parseAnd(stream) };
  }
  return left;
}

function parseAnd(stream: TokenStream): Expression {
  let left = parseNot(stream);
  const link = countLinks(stream);
  while (isWord(peek(stream), 'and')) {
    link();
    const { at } = next(stream);
    left = { kind: 'and', at, left, right: parseNot(stream) };
  }
  return left;
}

function parseNot(stream: TokenStream): Expression {
  if (!isWord(peek(stream), 'not')) return parseCompare(stream);
  const { at } = next(stream);
  return { kind: 'not', at, value: nest(stream, () => parseNot(stream)) };
}

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

function takeComparison(stream: TokenStream): CompareOperator | undefined {
  const token = peek(stream);
  if (token.type === 'operator' && comparisons.has(token.value)) {
    stream.index++;
    return token.value as CompareOperator;
  }
  if (takeWord(stream, 'in')) return 'in';
  if (!isWord(token, 'not') || !isWord(peek(stream, 1), 'in')) return undefined;
  stream.index += 2;
  return 'not in';
}

function parseCompare(stream: TokenStream): Expression {
  const { at } = peek(stream);
  const first = parseSum(stream);
  const rest: [CompareOperator, Expression][] = [];
  for (let found = takeComparison(stream); found !== undefined; found = takeComparison(stream))
    rest.push([found, parseSum(stream)]);
  return rest.length === 0 ? first : { kind: 'compare', at, first, rest };
}

function parseBinary(
  stream: TokenStream,
  signs: readonly BinaryOperator[],
  parse: (stream: TokenStream) => Expression,
): Expression {
  let left = parse(stream);
  const link = countLinks(stream);
  for (;;) {
    link();
    const token = peek(stream);
    const operator = signs.find((sign) => isSign(token, sign));
    if (operator === undefined) return left;
    stream.index++;
    left = { kind: 'binary', at: token.at, operator, left, right: parse(stream) };
  }
}

const parseSum = (stream: TokenStream): Expression => parseBinary(stream, ['+', '-'], parseConcat);
const parseProduct = (stream: TokenStream): Expression =>
  parseBinary(stream, ['//', '*', '/', '%'], parsePower);
/** To Jinja2 `**` groups to the left, other than to Python. */
const parsePower = (stream: TokenStream): Expression =>
  parseBinary(stream, ['**'], (inner) => parseUnary(inner, true));

function parseConcat(stream: TokenStream): Expression {
  const { at } = peek(stream);
  const first = parseProduct(stream);
  if (!isSign(peek(stream), '~')) return first;
  const items = [first];
  while (takeSign(stream, '~')) items.push(parseProduct(stream));
  return { kind: 'concat', at, items };
}

/** A filter after `-x` takes the negative number, so only the outermost sign takes filters. */
export function parseUnary(stream: TokenStream, takesFilters: boolean): Expression {
  const token = peek(stream);
  let value: Expression;
  if (isSign(token, '-') || isSign(token, '+')) {
    stream.index++;
    const operator = token.value === '-' ? '-' : '+';
    value = nest(stream, () => ({
      kind: 'unary',
      at: token.at,
      operator,
      value: parseUnary(stream, false),
    }));
  } else value = parsePrimary(stream, parseExpression);
  value = parsePostfix(stream, value, grammar);
  return takesFilters ? parseFilters(stream, value, grammar) : value;
}

const grammar = {
  parseExpression,
  /** What may follow a test without parentheses, as in `x is divisibleby 3`. */
  parseOperand: (stream: TokenStream): Expression =>
    parsePostfix(stream, parsePrimary(stream, parseExpression), grammar),
  parseArguments: (stream: TokenStream) => parseCallArguments(stream, parseExpression),
};
export const { parseArguments } = grammar;

/** What the parts of the expression parser need of one another. */
export type Grammar = typeof grammar;

/** Parses the filters of `{% filter a | b %}` and `{% set x | a %}`; the innermost has no object. */
export function parseFilterChain(stream: TokenStream): FilterExpression {
  let filter = parseFilterName(stream, undefined, grammar);
  const link = countLinks(stream);
  while (takeSign(stream, '|')) {
    link();
    filter = parseFilterName(stream, filter, grammar);
  }
  return filter;
}
