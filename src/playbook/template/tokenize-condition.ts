import { refuseSyntax } from './broken-syntax.ts';
import { balance } from './tokenize.ts';
import { readToken, skipSpace, type Token } from './tokens.ts';

/** A condition's words, and whether it holds `{{ }}`. */
export interface ConditionTokens {
  readonly tokens: readonly Token[];
  readonly hasBraces: boolean;
}

/**
 * Splits a bare expression into tokens. Braces in it are read as if they were parentheses, also within a text (`'{{ a }}' == 'b'`): nothing that a value
 * holds is ever read as an expression, where Ansible renders such a condition and evaluates the outcome once more.
 */
export function tokenizeCondition(source: string): ConditionTokens {
  const tokens: Token[] = [];
  const hasBraces = readInto(tokens, source, 0, source.length, true);
  tokens.push({ type: 'end', value: '', at: source.length });
  return { tokens, hasBraces };
}

function readInto(
  tokens: Token[],
  source: string,
  from: number,
  to: number,
  mayNest: boolean,
): boolean {
  const open: string[] = [];
  let hasBraces = false;
  for (let at = skipSpace(source, from); at < to; at = skipSpace(source, at)) {
    if (source.startsWith('{%', at) || source.startsWith('{#', at))
      refuseSyntax(at, 'a condition holds no statements', 'write an expression');
    if (mayNest && source.startsWith('{{', at)) {
      at = readBraces(tokens, source, at, to);
      hasBraces = true;
      continue;
    }
    const { token, end } = readToken(source, at, 'escape', tokens.at(-1)?.value ?? '');
    at = end;
    if (token.type === 'operator') balance(open, token);
    const isSpread = mayNest && token.type === 'string' && token.value.includes('{{');
    if (isSpread) spreadText(tokens, token);
    else tokens.push(token);
    hasBraces = hasBraces || isSpread;
  }
  return hasBraces;
}

function readBraces(tokens: Token[], source: string, begin: number, to: number): number {
  const end = source.indexOf('}}', begin);
  if (end === -1 || end >= to) refuseSyntax(begin, 'a {{ is not closed', 'leave the braces out');
  tokens.push({ type: 'operator', value: '(', at: begin });
  readInto(tokens, source, begin + 2, end, false);
  tokens.push({ type: 'operator', value: ')', at: end });
  return end + 2;
}

/** A text with braces in it becomes its parts joined by `~`. */
function spreadText(tokens: Token[], token: Token): void {
  const { at, value } = token;
  const sign = (text: string): void => void tokens.push({ type: 'operator', value: text, at });
  sign('(');
  let from = 0;
  for (let open = value.indexOf('{{'); open !== -1; open = value.indexOf('{{', from)) {
    const end = value.indexOf('}}', open);
    if (end === -1) refuseSyntax(at, 'a {{ is not closed', 'leave the braces out');
    tokens.push({ type: 'string', value: value.slice(from, open), at });
    sign('~');
    sign('(');
    const inner = tokens.length;
    readInto(tokens, value.slice(open + 2, end), 0, end - open - 2, false);
    // offsets inside a text that may hold escapes are not those of the source: all point at the text
    for (let index = inner; index < tokens.length; index++) {
      const read = tokens[index];
      if (read) tokens[index] = { ...read, at };
    }
    sign(')');
    sign('~');
    from = end + 2;
  }
  tokens.push({ type: 'string', value: value.slice(from), at });
  sign(')');
}
