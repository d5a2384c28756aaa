import { refuseSyntax } from './broken-syntax.ts';
import { parseExpression, parseFilterChain, parseOr } from './parse-expression.ts';
import {
  parseCallBlock,
  parseFrom,
  parseImport,
  parseInclude,
  parseMacro,
} from './parse-macros.ts';
import { parseForTarget, parseSetTarget } from './parse-target.ts';
import type { Body, Expression, Statement, Target } from './syntax.ts';
import {
  expectClose,
  expectName,
  expectSign,
  expectWord,
  isSign,
  nest,
  next,
  peek,
  type TokenStream,
  takeSign,
  takeWord,
} from './token-stream.ts';

/** Parses a whole template. */
export function parseTemplate(stream: TokenStream): Body {
  return parseBody(stream, []);
}

/** Parses statements up to a tag whose word is one of `ends`; that tag's word is left as the present token, its opening taken. */
export function parseBody(stream: TokenStream, ends: readonly string[]): Body {
  const begin = lastOpening(stream);
  const body: Statement[] = [];
  for (;;) {
    const token = peek(stream);
    if (token.type === 'end') {
      if (ends.length === 0) return body;
      return refuseSyntax(
        begin,
        `Unexpected end of template: {% ${ends.at(-1) ?? ''} %} is missing`,
      );
    }
    stream.index++;
    if (token.type === 'text') body.push({ kind: 'text', at: token.at, text: token.value });
    else if (token.type === 'open-print') body.push(parsePrint(stream, token.at));
    else if (ends.includes(peek(stream).value) && peek(stream).type === 'name') return body;
    else body.push(nest(stream, () => parseStatement(stream, ends)));
  }
}

/** Where the tag before this place begins. */
function lastOpening(stream: TokenStream): number {
  for (let back = 1; back <= stream.index; back++) {
    const token = peek(stream, -back);
    if (token.type === 'open-block') return token.at;
  }
  return 0;
}

function parsePrint(stream: TokenStream, at: number): Statement {
  const value = parseTuple(stream);
  expectClose(stream);
  return { kind: 'print', at, value };
}

/** `{% print a, b %}` prints one after the other. */
function parsePrintTag(stream: TokenStream, at: number): Statement {
  const body: Statement[] = [];
  do body.push({ kind: 'print', at, value: parseExpression(stream) });
  while (takeSign(stream, ','));
  expectClose(stream);
  return { kind: 'scope', at, body };
}

/** An expression, or several with commas between them: a tuple. */
export function parseTuple(stream: TokenStream): Expression {
  const first = parseExpression(stream);
  if (!isSign(peek(stream), ',')) return first;
  const items = [first];
  while (takeSign(stream, ',')) {
    const { type } = peek(stream);
    if (type === 'close' || type === 'end') break;
    items.push(parseExpression(stream));
  }
  return { kind: 'tuple', at: first.at, items };
}

type Parse = (stream: TokenStream, at: number) => Statement;

const statements: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  ['if', parseIf],
  ['for', parseFor],
  ['set', parseSet],
  ['with', parseWith],
  ['filter', parseFilterBlock],
  ['print', parsePrintTag],
  ['block', parseBlock],
  ['macro', (stream, at) => parseMacro(stream, at, parseBody)],
  ['call', (stream, at) => parseCallBlock(stream, at, parseBody)],
  ['include', parseInclude],
  ['import', parseImport],
  ['from', parseFrom],
]);

/** Words of extensions that Ansible has not switched on, and inheritance. */
const unsupported: ReadonlyMap<string, string> = new Map([
  ['do', 'Ansible has jinja2.ext.do not switched on; write {% set _ = … %}'],
  ['break', 'Ansible has jinja2.ext.loopcontrols not switched on; write {% for … if … %}'],
  ['continue', 'Ansible has jinja2.ext.loopcontrols not switched on; write {% if %} in the loop'],
  ['extends', 'use {% include %} or a macro'],
  ['autoescape', 'use the filter e where text must be escaped'],
  ['trans', 'write the text itself'],
  ['debug', 'use the module debug'],
]);

function parseStatement(stream: TokenStream, ends: readonly string[]): Statement {
  const { at } = peek(stream, -1);
  const word = expectName(stream);
  const parse = statements.get(word.value);
  if (parse) return parse(stream, at);
  const hint = unsupported.get(word.value);
  if (hint !== undefined)
    refuseSyntax(word.at, `{% ${word.value} %} is not supported`, hint, 'template-unsupported');
  const wanted = ends.length > 0 ? `; {% ${ends.join(' %} or {% ')} %} is expected here` : '';
  return refuseSyntax(word.at, `Encountered unknown tag '${word.value}'${wanted}`);
}

function parseIf(stream: TokenStream, at: number): Statement {
  const branches: [Expression, Body][] = [];
  let otherwise: Body | undefined;
  for (let word = 'if'; word !== 'endif'; ) {
    if (word === 'else') {
      expectClose(stream);
      otherwise = parseBody(stream, ['endif']);
    } else {
      const test = parseTuple(stream);
      expectClose(stream);
      branches.push([test, parseBody(stream, ['elif', 'else', 'endif'])]);
    }
    word = next(stream).value;
  }
  expectClose(stream);
  return { kind: 'if', at, branches, otherwise };
}

function parseFor(stream: TokenStream, at: number): Statement {
  const target = parseForTarget(stream);
  expectWord(stream, 'in');
  const over = parseIterable(stream);
  const only = takeWord(stream, 'if') ? parseExpression(stream) : undefined;
  const recursive = takeWord(stream, 'recursive');
  expectClose(stream);
  const body = parseBody(stream, ['else', 'endfor']);
  let otherwise: Body | undefined;
  if (next(stream).value === 'else') {
    expectClose(stream);
    otherwise = parseBody(stream, ['endfor']);
    stream.index++;
  }
  expectClose(stream);
  return { kind: 'for', at, target, over, only, recursive, body, otherwise };
}

function parseIterable(stream: TokenStream): Expression {
  const first = parseOr(stream);
  if (!isSign(peek(stream), ',')) return first;
  const items = [first];
  while (takeSign(stream, ',')) items.push(parseOr(stream));
  return { kind: 'tuple', at: first.at, items };
}

function parseSet(stream: TokenStream, at: number): Statement {
  const target = parseSetTarget(stream);
  if (takeSign(stream, '=')) {
    const value = parseTuple(stream);
    expectClose(stream);
    return { kind: 'set', at, target, value };
  }
  const filter = takeSign(stream, '|') ? parseFilterChain(stream) : undefined;
  expectClose(stream);
  return { kind: 'set-block', at, target, filter, body: parseEnded(stream, 'endset') };
}

/** A body, its end tag and the tag's close. */
export function parseEnded(stream: TokenStream, end: string): Body {
  const body = parseBody(stream, [end]);
  stream.index++;
  expectClose(stream);
  return body;
}

function parseWith(stream: TokenStream, at: number): Statement {
  const pairs: [Target, Expression][] = [];
  while (peek(stream).type !== 'close') {
    if (pairs.length > 0) expectSign(stream, ',');
    const target = parseSetTarget(stream);
    expectSign(stream, '=');
    pairs.push([target, parseExpression(stream)]);
  }
  expectClose(stream);
  return { kind: 'with', at, pairs, body: parseEnded(stream, 'endwith') };
}

function parseFilterBlock(stream: TokenStream, at: number): Statement {
  const filter = parseFilterChain(stream);
  expectClose(stream);
  return { kind: 'filter-block', at, filter, body: parseEnded(stream, 'endfilter') };
}

/** Without inheritance a block is its content in a scope of its own. */
function parseBlock(stream: TokenStream, at: number): Statement {
  expectName(stream);
  takeWord(stream, 'scoped');
  takeWord(stream, 'required');
  expectClose(stream);
  const body = parseBody(stream, ['endblock']);
  stream.index++;
  if (peek(stream).type === 'name') stream.index++;
  expectClose(stream);
  return { kind: 'scope', at, body };
}
