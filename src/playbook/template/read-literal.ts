import { makeFloat } from '../../model/play-value.ts';
import { sign } from './arithmetic.ts';
import { syntaxTroubleOf } from './broken-syntax.ts';
import { keyOf, makeDict } from './dict.ts';
import { parseExpression } from './parse-expression.ts';
import type { Expression } from './syntax.ts';
import type { TokenStream } from './token-stream.ts';
import { readToken, skipSpace, type Token } from './tokens.ts';
import { type Key, makeTuple, numberIn, type Py } from './values.ts';

/** Texts longer than this stay text. */
const maxLength = 4 * 1024 * 1024;

/** Reads text that looks like a list, a mapping or a boolean of Python (or JSON) as that value; any other text stays as it is. */
export function readLiteral(text: string): Py {
  if (text === 'True') return true;
  if (text === 'False') return false;
  if (!/^[[{]/.test(text) || text.length > maxLength) return text;
  try {
    const stream: TokenStream = { tokens: tokensOf(text), index: 0, depth: 0 };
    const node = parseExpression(stream);
    if (stream.tokens[stream.index]?.type !== 'end') return text;
    return literalOf(node) ?? text;
  } catch (error) {
    if (syntaxTroubleOf(error)) return text;
    throw error;
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = skipSpace(text, 0); at < text.length; ) {
    const { token, end } = readToken(text, at, 'escape', '');
    tokens.push(token);
    at = skipSpace(text, end);
  }
  tokens.push({ type: 'end', value: '', at: text.length });
  return tokens;
}

/** Undefined for anything that is no literal. */
function literalOf(node: Expression): Py | undefined {
  switch (node.kind) {
    case 'const':
      return node.value;
    case 'float':
      return makeFloat(node.value);
    case 'name':
      return node.name === 'null' ? null : undefined;
    case 'unary': {
      const value = literalOf(node.value);
      return value === undefined || numberIn(value) === undefined
        ? undefined
        : sign(node.operator, value);
    }
    case 'list':
    case 'tuple': {
      const items = node.items.map(literalOf);
      if (!areKnown(items)) return undefined;
      return node.kind === 'list' ? items : makeTuple(items);
    }
    case 'dict':
      return readDict(node.pairs);
    default:
      return undefined;
  }
}

function readDict(pairs: readonly (readonly [Expression, Expression])[]): Py | undefined {
  const entries: [Key, Py][] = [];
  for (const [keyNode, valueNode] of pairs) {
    const key = literalOf(keyNode);
    const value = literalOf(valueNode);
    if (key === undefined || value === undefined) return undefined;
    if (keyNode.kind !== 'const' && keyNode.kind !== 'float') return undefined;
    entries.push([keyOf(key), value]);
  }
  return makeDict(entries);
}

function areKnown(items: (Py | undefined)[]): items is Py[] {
  return items.every((item) => item !== undefined);
}
