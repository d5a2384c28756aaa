import { displayWidth, fitWidth, graphemes } from './display.ts';

const breaksAfter =
  /[\s,;:/|\-\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}，、。；：！？]$/u;
const keepsWithBefore = /^[\s,.;:!?)\]}，、。；：！？）》」』】”’]/u;

/** Breaks a printable text into lines of at most so many columns (two or more): at spaces and after separators, between Chinese characters, else inside a word; only spaces at breaks are lost. */
export function wrapWidth(text: string, columns: number): string[] {
  if (displayWidth(text) <= columns) return [text];
  const lines: string[] = [];
  let line = '';
  let width = 0;
  let breakAt = 0;
  for (const { segment } of graphemes.segment(text)) {
    const piece = fitWidth(segment, columns);
    const pieceWidth = displayWidth(piece);
    const isSpace = /^\s/u.test(piece);
    if (mayBreak(line, piece, pieceWidth)) breakAt = line.length;
    while (width + pieceWidth > columns) {
      const cut = breakAt > 0 && !isSpace ? breakAt : line.length;
      lines.push(line.slice(0, cut).trimEnd());
      line = line.slice(cut);
      width = displayWidth(line);
      breakAt = 0;
    }
    if (isSpace && line === '' && lines.length > 0) continue;
    line += piece;
    width += pieceWidth;
  }
  if (line !== '') lines.push(line);
  return lines;
}

function mayBreak(line: string, piece: string, pieceWidth: number): boolean {
  return !keepsWithBefore.test(piece) && (pieceWidth === 2 || breaksAfter.test(line));
}
