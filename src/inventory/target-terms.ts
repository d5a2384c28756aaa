/** One part of a target pattern: what it names, and whether those hosts are added, kept or taken away. */
export interface Term {
  readonly operator: 'add' | 'and' | 'not';
  readonly text: string;
  /** As it was written, with its sign. */
  readonly written: string;
}

/**
 * Splits a target pattern into its parts: at commas, then at colons and blanks, but not inside brackets or regular expressions, and not where the text is a
 * name as it stands (`isName`), so that IPv6 addresses stay whole. Empty parts come back as terms with empty text.
 */
export function splitTerms(pattern: string, isName: (text: string) => boolean): Term[] {
  if (isName(pattern)) return [{ operator: 'add', text: pattern, written: pattern }];
  return splitOutside(pattern, ',').flatMap((part) => {
    const text = part.trim();
    if (isName(withoutSign(text)) || isAddress(withoutSign(text))) return [makeTerm(text)];
    return splitOutside(text, ':').flatMap((piece) => splitBlanks(piece.trim()).map(makeTerm));
  });
}

function makeTerm(written: string): Term {
  const text = withoutSign(written);
  const operator = written.startsWith('!') ? 'not' : written.startsWith('&') ? 'and' : 'add';
  return { operator, text, written };
}

function withoutSign(text: string): string {
  return /^[!&]/.test(text) ? text.slice(1).trim() : text;
}

/** IPv6 addresses and bare MACs are colons and hex digits only, with more colons than two group names would have. */
function isAddress(text: string): boolean {
  return /^[0-9A-Fa-f:.]*::[0-9A-Fa-f:.]*$|^(?:[0-9A-Fa-f]{1,4}:){5,7}[0-9A-Fa-f]{1,4}$/.test(text);
}

function splitBlanks(text: string): string[] {
  if (/^[!&]?\s*[~@]/.test(text)) return [text];
  const pieces = splitOutside(text, ' ').filter((piece) => piece !== '');
  return pieces.length === 0 ? [''] : pieces;
}

/** Splits at a separator that stands outside of brackets; in a regular expression (`~...`) round ones and braces count too. */
function splitOutside(text: string, separator: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  let depth = 0;
  let isExpression = startsExpression(text, 0);
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (isExpression && character === '\\') at++;
    else if (opens(character, isExpression)) depth++;
    else if (closes(character, isExpression)) depth = Math.max(0, depth - 1);
    else if (depth === 0 && matches(character, separator)) {
      pieces.push(text.slice(start, at));
      start = at + 1;
      isExpression = startsExpression(text, start);
    }
  }
  return [...pieces, text.slice(start)];
}

function startsExpression(text: string, start: number): boolean {
  const sticky = /\s*[!&]?\s*~/y;
  sticky.lastIndex = start;
  return sticky.test(text);
}

function opens(character: string, isExpression: boolean): boolean {
  return character === '[' || (isExpression && (character === '(' || character === '{'));
}

function closes(character: string, isExpression: boolean): boolean {
  return character === ']' || (isExpression && (character === ')' || character === '}'));
}

function matches(character: string, separator: string): boolean {
  return separator === ' ' ? /\s/.test(character) : character === separator;
}
