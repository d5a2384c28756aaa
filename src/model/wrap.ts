import { displayWidth, fitWidth, graphemes } from './display.ts';

const breaksAfter = /[\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}，、。；：！？]$/u;
const separator = /[,;:/|-]$/;
const keepsWithBefore = /^[\s,.;:!?)\]}，、。；：！？）》」』】”’]/u;

/** Breaks a printable text into lines of at most so many columns (two or more): at spaces and between Chinese characters, else after separators, else inside a word (what people copy, such as a path or a MAC address, stays whole if it can); only spaces at breaks are lost. */
export function wrapWidth(text: string, columns: number): string[] {
  if (displayWidth(text) <= columns) return [text];
  const lines: string[] = [];
  let line = '';
  let width = 0;
  let breaks = { good: 0, poor: 0 };
  for (const { segment } of graphemes.segment(text)) {
    const piece = fitWidth(segment, columns);
    const pieceWidth = displayWidth(piece);
    const isSpace = /^\s/u.test(piece);
    const kind = breakBefore(piece, pieceWidth, line);
    if (kind) breaks[kind] = line.length;
    while (width + pieceWidth > columns) {
      const cut = isSpace ? line.length : breaks.good || breaks.poor || line.length;
      lines.push(line.slice(0, cut).trimEnd());
      line = line.slice(cut);
      width = displayWidth(line);
      breaks = { good: 0, poor: Math.max(0, breaks.poor - cut) };
    }
    if (isSpace && line === '' && lines.length > 0) continue;
    line += piece;
    width += pieceWidth;
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** Whether a line may end before a character, and how good the place is. */
function breakBefore(piece: string, width: number, line: string): 'good' | 'poor' | undefined {
  if (keepsWithBefore.test(piece)) return undefined;
  if (width === 2 || breaksAfter.test(line)) return 'good';
  return separator.test(line) ? 'poor' : undefined;
}
