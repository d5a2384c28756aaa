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
  let breakAt = 0;
  let separatedAt = 0;
  for (const { segment } of graphemes.segment(text)) {
    const piece = fitWidth(segment, columns);
    const pieceWidth = displayWidth(piece);
    const isSpace = /^\s/u.test(piece);
    if (!keepsWithBefore.test(piece)) {
      if (pieceWidth === 2 || breaksAfter.test(line)) breakAt = line.length;
      else if (separator.test(line)) separatedAt = line.length;
    }
    while (width + pieceWidth > columns) {
      const cut = isSpace ? line.length : breakAt || separatedAt || line.length;
      lines.push(line.slice(0, cut).trimEnd());
      line = line.slice(cut);
      width = displayWidth(line);
      breakAt = 0;
      separatedAt = Math.max(0, separatedAt - cut);
    }
    if (isSpace && line === '' && lines.length > 0) continue;
    line += piece;
    width += pieceWidth;
  }
  if (line !== '') lines.push(line);
  return lines;
}
