/** Arguments written as one line of text, as Ansible's command modules and short forms have them. */
export interface KeyValueText {
  readonly pairs: readonly (readonly [name: string, value: string])[];
  /** What is left over when the pairs are taken out; empty when nothing is. */
  readonly rest: string;
}

/** Options of the modules that take free text; any other `name=value` in their text belongs to the command. */
const freeTextOptions = new Set([
  'creates',
  'removes',
  'chdir',
  'executable',
  'warn',
  'stdin',
  'stdin_add_newline',
  'strip_empty_ends',
]);

/** Reads `name=value` words (`keepsText`: only the options of command modules); undefined when quotes or braces do not close. */
export function parseKeyValue(text: string, keepsText: boolean): KeyValueText | undefined {
  const words = splitWords(text);
  if (words === undefined) return undefined;
  const pairs: [string, string][] = [];
  const rest: string[] = [];
  for (const word of words) {
    const decoded = decodeEscapes(word);
    const at = findEquals(decoded);
    if (at === undefined) rest.push(decoded.includes('=') ? decoded.replaceAll('\\=', '=') : word);
    else if (keepsText && !freeTextOptions.has(decoded.slice(0, at))) rest.push(word);
    else pairs.push([decoded.slice(0, at).trim(), unquote(decoded.slice(at + 1).trim())]);
  }
  return { pairs, rest: joinWords(rest) };
}

/** Where the name ends: the first `=` behind the first character that no backslash precedes. */
function findEquals(word: string): number | undefined {
  for (let at = word.indexOf('=', 1); at !== -1; at = word.indexOf('=', at + 1))
    if (word[at - 1] !== '\\') return at;
  return undefined;
}

/** Puts words back together; those that ended a line keep their line end. */
function joinWords(words: readonly string[]): string {
  return words.reduce(
    (text, word) => (text === '' || text.endsWith('\n') ? text + word : `${text} ${word}`),
    '',
  );
}

/** Takes away one pair of quotes around a value. */
export function unquote(text: string): string {
  const first = text[0];
  if (text.length < 2 || first !== text.at(-1) || (first !== '"' && first !== "'")) return text;
  return text.at(-2) === '\\' ? text : text.slice(1, -1);
}

const escapes: { readonly [letter: string]: string } = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Python's string escapes, which Ansible resolves in such words. */
function decodeEscapes(word: string): string {
  if (!word.includes('\\')) return word;
  return word.replace(
    /\\(?:U([0-9a-fA-F]{8})|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\\'"abfnrtv]))/g,
    (found, long?: string, short?: string, hex?: string, letter?: string) => {
      const code = long ?? short ?? hex;
      if (code !== undefined) return fromCode(Number.parseInt(code, 16), found);
      return escapes[letter ?? ''] ?? found;
    },
  );
}

function fromCode(code: number, otherwise: string): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : otherwise;
}

/** What is open while words are told apart. */
interface Depth {
  quote: string | undefined;
  print: number;
  block: number;
  comment: number;
}

/** Splits at spaces and line ends outside of quotes and Jinja2 braces; a word that ends a line keeps the line end, further spaces stay with the word before them. Undefined when something stays open. */
export function splitWords(text: string): string[] | undefined {
  const words: string[] = [];
  const depth: Depth = { quote: undefined, print: 0, block: 0, comment: 0 };
  const lines = text.split('\n');
  for (const [row, line] of lines.entries()) {
    const isContinued = takeLine(line, words, depth);
    const isLast = row === lines.length - 1;
    if (!isLast && !isContinued) words.push(`${words.pop() ?? ''}\n`);
  }
  return isOpen(depth) ? undefined : words;
}

function takeLine(line: string, words: string[], depth: Depth): boolean {
  let isContinued = false;
  for (const [column, piece] of line.split(' ').entries()) {
    if (piece === '\\' && depth.quote === undefined) isContinued = true;
    else takePiece(piece, column, words, depth);
  }
  return isContinued;
}

function takePiece(piece: string, column: number, words: string[], depth: Depth): void {
  const wasOpen = isOpen(depth);
  follow(piece, depth);
  if (column > 0 && (wasOpen || piece === '')) words.push(`${words.pop() ?? ''} ${piece}`);
  else if (wasOpen) words.push(`${words.pop() ?? ''}${piece}`);
  else if (piece !== '') words.push(piece);
}

function isOpen(depth: Depth): boolean {
  return depth.quote !== undefined || depth.print > 0 || depth.block > 0 || depth.comment > 0;
}

function follow(piece: string, depth: Depth): void {
  for (let at = 0; at < piece.length; at++) {
    const char = piece[at];
    if ((char !== '"' && char !== "'") || piece[at - 1] === '\\') continue;
    if (depth.quote === undefined) depth.quote = char;
    else if (depth.quote === char) depth.quote = undefined;
  }
  depth.print = Math.max(0, depth.print + balance(piece, '{{', '}}'));
  depth.block = Math.max(0, depth.block + balance(piece, '{%', '%}'));
  depth.comment = Math.max(0, depth.comment + balance(piece, '{#', '#}'));
}

function balance(piece: string, open: string, close: string): number {
  return piece.split(open).length - piece.split(close).length;
}
