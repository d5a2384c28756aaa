import { ansibleNotation, type Notation } from './delimiters.ts';
import { readHeader } from './file-header.ts';
import { parseExpression } from './parse-expression.ts';
import { parseTemplate } from './parse-statements.ts';
import type { Body, Expression } from './syntax.ts';
import { refuseToken, type TokenStream } from './token-stream.ts';
import { normalizeSource, tokenize } from './tokenize.ts';
import { tokenizeCondition } from './tokenize-condition.ts';

/** A template after parsing. `source` is the text that offsets count in; `lineOffset` says how many lines stood before it. */
export interface ParsedTemplate {
  readonly body: Body;
  readonly source: string;
  readonly lineOffset: number;
  readonly notation: Notation;
}

/** Parses text of a playbook, or of a file: there backslashes in texts are escapes. Throws broken syntax. */
export function parseTemplateText(
  text: string,
  from: 'playbook' | 'file',
  given: Notation = ansibleNotation,
): ParsedTemplate {
  const { notation, rest } = readHeader(text, given);
  const source = normalizeSource(rest, notation);
  const tokens = tokenize(source, notation, from === 'file' ? 'escape' : 'literal');
  const stream: TokenStream = { tokens, index: 0, depth: 0 };
  const body = parseTemplate(stream);
  return { body, source, lineOffset: rest === text ? 0 : 1, notation };
}

/** A condition after parsing. */
export interface ParsedCondition {
  readonly expression: Expression;
  readonly hasBraces: boolean;
}

/** Parses a bare expression. Throws broken syntax. */
export function parseConditionText(text: string): ParsedCondition {
  const { tokens, hasBraces } = tokenizeCondition(text);
  const stream: TokenStream = { tokens, index: 0, depth: 0 };
  const expression = parseExpression(stream);
  if (tokens[stream.index]?.type !== 'end') refuseToken(stream, 'the end of the condition');
  return { expression, hasBraces };
}
