import { graphemes, textWidth } from './text-width.ts';

export { graphemes };

// What a terminal obeys or hides instead of showing: control and format characters (bidi overrides, zero-width), separators that some
// terminals take for a line end, halves of surrogate pairs. Arabic number signs are format characters that are seen; variation selectors
// belong to the character before them (and to rare Chinese names).
const hidden =
  /(?![\u{600}-\u{605}\u{6dd}\u{8e2}\u{890}\u{891}\u{110bd}\u{110cd}]|\p{Variation_Selector})[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;
// A joiner between two pictographs makes one emoji of them (UTS #51); anywhere else it is invisible text.
const emojiJoiner =
  /(?<=\p{Extended_Pictographic}[\u{fe0f}\u{1f3fb}-\u{1f3ff}]?)\u{200d}(?=\p{Extended_Pictographic})/gu;
const plainAscii = /^[\x20-\x7e]*$/;
const shortEscapes = new Map([
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
]);
/** Makes any text safe for one terminal line: whatever a terminal would obey or hide becomes a visible escape such as `\x1b` or `\u202e`. */
export function printable(text: string): string {
  return escapeHidden(text, escapeOf);
}

/** Replaces each character a terminal would obey or hide (line breaks too) by what `show` makes of it. */
export function escapeHidden(text: string, show: (found: string) => string): string {
  if (plainAscii.test(text)) return text;
  const joiners = new Set(Array.from(text.matchAll(emojiJoiner), (match) => match.index));
  return text.replace(hidden, (found, at: number) => (joiners.has(at) ? found : show(found)));
}

/** Makes text of several lines safe for a terminal, one item a line: tabs become spaces up to the next eighth column, a last newline makes no empty line. */
export function printableLines(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => {
    const [first = '', ...rest] = line.split('\t').map(printable);
    return rest.reduce(
      (shown, part) => `${shown}${' '.repeat(8 - (displayWidth(shown) % 8))}${part}`,
      first,
    );
  });
}

function escapeOf(found: string): string {
  const short = shortEscapes.get(found);
  if (short !== undefined) return short;
  const code = found.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}

/** Terminal columns of a printable text; Chinese characters and emoji take two (UAX #11), colour sequences none. */
export function displayWidth(text: string): number {
  return plainAscii.test(text) ? text.length : textWidth(text);
}

/** Cuts a printable text to so many columns, the last one a `…`; never splits a character from its marks. */
export function fitWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  if (columns < 1) return '';
  const [kept] = splitAtWidth(text, columns - 1);
  return `${kept}…`;
}

/** Splits a printable text at the last character boundary within so many columns. */
export function splitAtWidth(text: string, columns: number): [head: string, rest: string] {
  let width = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    width += displayWidth(segment);
    if (width > columns) return [text.slice(0, index), text.slice(index)];
  }
  return [text, ''];
}

/** Fills a text with spaces to so many columns; a longer one stays as it is. */
export function padWidth(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const fill = ' '.repeat(Math.max(0, columns - displayWidth(text)));
  return align === 'left' ? text + fill : fill + text;
}

/** What bytes were read as. */
export interface DecodedText {
  readonly text: string;
  readonly encoding: 'utf-8' | 'gb18030' | 'binary';
}

/** Reads bytes from a host: strict UTF-8, else GB18030 (Chinese Windows), else one character per byte. A byte-order mark is not part of the text. */
export function decodeText(bytes: Uint8Array): DecodedText {
  for (const encoding of ['utf-8', 'gb18030'] as const) {
    try {
      return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding };
    } catch {}
  }
  return { text: latin1(bytes), encoding: 'binary' };
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

const tones = { good: '32', bad: '31', doubt: '33', quiet: '2', strong: '1' } as const;

/** Colours a text for a terminal (ECMA-48 SGR): for texts that are `printable` already. */
export function paint(text: string, tone: keyof typeof tones | 'plain'): string {
  return tone === 'plain' || text === '' ? text : `\x1b[${tones[tone]}m${text}\x1b[0m`;
}
