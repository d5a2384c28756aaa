import type { Target } from './syntax.ts';
import {
  expectName,
  expectSign,
  isSign,
  isWord,
  peek,
  type TokenStream,
  takeSign,
} from './token-stream.ts';

/** Parses the names of a `for`: `a`, `a, b`, `(a, b)`, `k, (a, b)`. */
export function parseForTarget(stream: TokenStream): Target {
  return parseTargets(stream, (inner) => isWord(peek(inner), 'in'));
}

/** Parses where `set` and `with` put a value: a name, several, or `namespace.name`. */
export function parseSetTarget(stream: TokenStream): Target {
  const token = peek(stream);
  if (token.type === 'name' && isSign(peek(stream, 1), '.')) {
    stream.index += 2;
    return { kind: 'field', name: token.value, field: expectName(stream).value, at: token.at };
  }
  return parseTargets(stream, (inner) => isSign(peek(inner), '='));
}

function parseTargets(stream: TokenStream, isEnd: (stream: TokenStream) => boolean): Target {
  const first = parseTarget(stream);
  if (!isSign(peek(stream), ',')) return first;
  const items = [first];
  while (takeSign(stream, ',') && !isEnd(stream)) items.push(parseTarget(stream));
  return { kind: 'names', items, at: first.at };
}

function parseTarget(stream: TokenStream): Target {
  const { at } = peek(stream);
  if (takeSign(stream, '(')) {
    const inner = parseTargets(stream, (within) => isSign(peek(within), ')'));
    expectSign(stream, ')');
    return inner;
  }
  const token = expectName(stream);
  return { kind: 'name', name: token.value, at };
}
