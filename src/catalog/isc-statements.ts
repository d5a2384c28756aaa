import type { Binding } from '../model/export.ts';
import { parseMac } from '../model/mac.ts';
import { makeBinding, type ReadBindings } from './dhcp-options.ts';

interface Token {
  readonly text: string;
  readonly line: number;
}

/** One statement of dhcpd.conf: its words, and the statements in its braces. */
interface Statement {
  readonly words: readonly string[];
  readonly inner: readonly Statement[];
  readonly line: number;
}

const sign = /#[^\n]*|"(?:[^"\\]|\\.)*"|[{};]|[^\s{};"#]+|\n/g;
const blocks = new Set(['subnet', 'shared-network', 'group', 'pool']);
const known =
  /^(?:(?:default|max|min)-lease-time|authoritative|range|option (?:routers|subnet-mask|domain-name-servers|domain-name|broadcast-address)) ?/;

/** Reads the host blocks of a dhcpd.conf, wherever they stand. One binding for each; what says nothing of a subnet or host we know of is returned as it is. */
export function readIscHosts(text: string): ReadBindings {
  const bindings: Binding[] = [];
  const unknown: { line: number; text: string }[] = [];
  const visit = (statement: Statement): void => {
    const [keyword = ''] = statement.words;
    const binding = keyword === 'host' ? readHost(statement) : undefined;
    if (binding) bindings.push(binding);
    else if (blocks.has(keyword)) statement.inner.forEach(visit);
    else if (!known.test(statement.words.join(' ')))
      unknown.push({ line: statement.line, text: render(statement) });
  };
  parseStatements(tokensOf(text)).forEach(visit);
  return { bindings, unknown };
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (const [found] of text.matchAll(sign)) {
    if (found !== '\n' && !found.startsWith('#')) tokens.push({ text: found, line });
    line += found.split('\n').length - 1;
  }
  return tokens;
}

/** Braces that are not in balance end where the text ends. */
function parseStatements(tokens: readonly Token[]): Statement[] {
  const top: Statement[] = [];
  const open: Statement[][] = [top];
  let words: Token[] = [];
  for (const token of tokens) {
    const level = open.at(-1) ?? top;
    const line = words[0]?.line ?? token.line;
    const inner: Statement[] = [];
    if (!/^[{};]$/.test(token.text)) {
      words.push(token);
      continue;
    }
    if (token.text === '{' || words.length > 0)
      level.push({ words: words.map((word) => word.text), inner, line });
    if (token.text === '{') open.push(inner);
    if (token.text === '}' && open.length > 1) open.pop();
    words = [];
  }
  if (words.length > 0)
    top.push({ words: words.map((word) => word.text), inner: [], line: words[0]?.line ?? 1 });
  return top;
}

function readHost({ words, inner, line }: Statement): Binding | undefined {
  const argumentOf = (...keys: readonly string[]): string => {
    const found = inner.find((each) => keys.every((key, index) => each.words[index] === key));
    return found?.words.length === keys.length + 1 ? (found.words[keys.length] ?? '') : '';
  };
  const parsed = parseMac(argumentOf('hardware', 'ethernet'));
  if (!('mac' in parsed)) return undefined;
  const name = argumentOf('option', 'host-name').replaceAll('"', '') || (words[1] ?? '');
  return makeBinding({ mac: parsed.mac, ip: argumentOf('fixed-address'), name, line });
}

function render({ words, inner }: Statement): string {
  const head = words.join(' ');
  return inner.length === 0 ? `${head};` : `${head} { ${inner.map(render).join(' ')} }`;
}
