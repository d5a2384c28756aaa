import type { LocatedEntry, LocatedScalar, SourceText } from '../model/located.ts';

const space = 0x20;
const hash = 0x23;
const colon = 0x3a;
const quoteDouble = 0x22;
const quoteSingle = 0x27;
const dash = 0x2d;
const backslash = 0x5c;
const indicators = new Set([...'-?:,[]{}#&*!|>\'"%@`'].map((text) => text.charCodeAt(0)));

/** Reads the key of a block mapping; its `:` is the character at `end`. */
export function readKey(
  source: SourceText,
  start: number,
  lineEnd: number,
): LocatedScalar | undefined {
  const { text } = source;
  const first = text.charCodeAt(start);
  if (isQuote(first)) {
    const key = readQuoted(source, start, lineEnd);
    return key && text.charCodeAt(key.end) === colon && endsKey(text, key.end, lineEnd)
      ? key
      : undefined;
  }
  if (indicators.has(first)) return undefined;
  for (let at = start; at < lineEnd; at++) {
    const code = text.charCodeAt(at);
    if (code === colon && endsKey(text, at, lineEnd)) return keyOf(source, start, at);
    if (code < space || (code === hash && text.charCodeAt(at - 1) === space)) return undefined;
  }
  return undefined;
}

/** True for both kinds of quotes. */
export function isQuote(code: number): boolean {
  return code === quoteDouble || code === quoteSingle;
}

function keyOf(source: SourceText, start: number, end: number): LocatedScalar | undefined {
  if (end - start > 1000 || source.text.charCodeAt(end - 1) === space) return undefined;
  const key = plainScalar(source, start, end);
  return key.text === '<<' ? undefined : key;
}

function endsKey(text: string, at: number, lineEnd: number): boolean {
  return at + 1 === lineEnd || text.charCodeAt(at + 1) === space;
}

/** True when nothing but spaces and a comment stands before the line's end. */
export function isLineOver(text: string, start: number, lineEnd: number): boolean {
  let at = start;
  while (at < lineEnd && text.charCodeAt(at) === space) at++;
  return at === lineEnd || (at > start && text.charCodeAt(at) === hash);
}

/** The scalar nobody wrote: the empty place after a key's colon. */
export function emptyScalar(source: SourceText, at: number): LocatedScalar {
  return plainScalar(source, at, at);
}

/** A plain scalar over a piece of the text. */
export function plainScalar(source: SourceText, start: number, end: number): LocatedScalar {
  return { kind: 'scalar', text: source.text.slice(start, end), plain: true, source, start, end };
}

/** True when the text there begins a plain scalar of the simple kind. */
export function startsPlain(text: string, start: number): boolean {
  const first = text.charCodeAt(start);
  if (!indicators.has(first)) return true;
  return first === dash && /[A-Za-z0-9.]/.test(text.charAt(start + 1));
}

/** Reads a plain scalar up to a comment or the end of the line; undefined when it holds what only the full parser understands. */
export function readPlain(
  source: SourceText,
  start: number,
  lineEnd: number,
): LocatedScalar | undefined {
  const { text } = source;
  if (!startsPlain(text, start)) return undefined;
  let end = start;
  for (let at = start; at < lineEnd; at++) {
    const code = text.charCodeAt(at);
    if (code === space) continue;
    if (code < space || (code === colon && endsKey(text, at, lineEnd))) return undefined;
    if (code === hash && text.charCodeAt(at - 1) === space) break;
    end = at + 1;
  }
  return plainScalar(source, start, end);
}

/** Reads a quoted scalar that ends on its line and holds no backslash escapes. */
export function readQuoted(
  source: SourceText,
  start: number,
  lineEnd: number,
): LocatedScalar | undefined {
  const { text } = source;
  const quote = text.charCodeAt(start);
  let doubled = false;
  for (let at = start + 1; at < lineEnd; at++) {
    const code = text.charCodeAt(at);
    if (code < space || (code === backslash && quote === quoteDouble)) return undefined;
    if (code !== quote) continue;
    if (quote === quoteSingle && text.charCodeAt(at + 1) === quote) {
      doubled = true;
      at++;
      continue;
    }
    const inner = text.slice(start + 1, at);
    const content = doubled ? inner.replaceAll("''", "'") : inner;
    return { kind: 'scalar', text: content, plain: false, source, start, end: at + 1 };
  }
  return undefined;
}

/** True when a key stands twice; the full parser then says where. */
export function hasDuplicates(entries: readonly LocatedEntry[]): boolean {
  if (entries.length > 12) return new Set(entries.map(({ key }) => key.text)).size < entries.length;
  for (let right = 1; right < entries.length; right++) {
    const text = entries[right]?.key.text;
    for (let left = 0; left < right; left++) if (entries[left]?.key.text === text) return true;
  }
  return false;
}

/** The first character from `start` on that is not a space. */
export function skipSpaces(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) === space) at++;
  return at;
}
